using Littlebox.Integration.Tests;

namespace Littlebox.Isolation.Tests;

/// <summary>A directory of the host that attacks aim at: in the end it must hold what it held, with the same owners, modes and mounts.</summary>
public sealed class HostWitness
{
    private readonly string before;

    /// <summary>Makes it, and takes down what it holds.</summary>
    public HostWitness(Bundle bundle)
    {
        Path = bundle.MakeDirectory("victim");
        bundle.Write("victim/file", "of the host");
        bundle.MakeDirectory("victim/directory");
        before = State();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Fails the test where anything has changed.</summary>
    public void Check() => Assert.Equal(before, State());

    private string State() => Program.Bash($"cd '{Path}'; find . -printf '%p %y %m %U %G %s %T@ %l\\n' | sort; cat file; grep -c ' {Path}' /proc/self/mountinfo || true").ExpectExit(0).Output;
}
