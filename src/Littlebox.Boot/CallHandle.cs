using Littlebox.Linux;

namespace Littlebox.Boot;

/// <summary>What a call that has just been added does with its result.</summary>
public readonly ref struct CallHandle
{
    private readonly BootBuilder builder;
    private readonly int operation;

    internal CallHandle(BootBuilder builder, int operation)
    {
        this.builder = builder;
        this.operation = operation;
    }

    /// <summary>Keeps the result in a register.</summary>
    public CallHandle To(Register register)
    {
        builder.SetResult(operation, register);
        return this;
    }

    /// <summary>Up to four error numbers that are no failure: the program goes on with the next operation.</summary>
    public CallHandle Tolerate(params ReadOnlySpan<Errno> errors)
    {
        builder.Tolerate(operation, errors);
        return this;
    }

    /// <summary>Up to four error numbers after which the program goes on at <paramref name="label"/>.</summary>
    public void OnErrorGoTo(Label label, params ReadOnlySpan<Errno> errors)
    {
        builder.Tolerate(operation, errors);
        builder.JumpFrom(operation, label);
    }
}
