using System.Globalization;
using Littlebox.Linux.Tests.Abi;

namespace Littlebox.Linux.Tests;

public sealed class WaitStatusTests
{
    [Fact]
    public void A_status_is_read_as_the_macros_of_C_read_it()
    {
        string output = CProgram.Run(KernelHeaders.Libc + """
            #include <stdlib.h>
            int main(void) {
                int codes[] = { 0, 1, 42, 127, 255 }, signals[] = { SIGHUP, SIGKILL, SIGSEGV, SIGTERM, SIGSYS, 64 };
                for (int i = 0; i < 11; i++) {
                    int status;
                    pid_t child = fork();
                    if (child == 0) {
                        if (i < 5) _exit(codes[i]);
                        signal(signals[i - 5], SIG_DFL);
                        raise(signals[i - 5]);
                        _exit(99);
                    }
                    waitpid(child, &status, 0);
                    printf("%d %d %d\n", status, WIFEXITED(status), WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
                    printf("%d %d %d\n", status | 0x80 * !WIFEXITED(status), WIFEXITED(status), WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
                }
                return 0;
            }
            """);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int[] numbers = [.. line.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            var status = new WaitStatus(numbers[0]);
            Assert.Equal(numbers[1] != 0, status.Exited);
            Assert.Equal(status.Exited ? 0 : numbers[2], status.Signal);
            Assert.Equal(status.Exited ? numbers[2] : 128 + numbers[2], status.ExitCode);
        }
    }

    [Fact]
    public void Waiting_for_what_is_no_child_is_an_error()
    {
        Assert.Equal(Errno.ECHILD, Kernel.ErrorOf(Kernel.TryWait(1, out _)));
        Assert.StartsWith("wait4(1, ", Assert.Throws<SystemCallException>(() => Kernel.Wait(1)).Call, StringComparison.Ordinal);
    }
}
