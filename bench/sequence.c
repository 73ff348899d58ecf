// Runs commands one after another: what an engine does with a container, without the time of a shell.
//
//   sequence COMMAND… , COMMAND… , …     the command `wait` waits for the end of every process that the commands have left behind
//
// It is the subreaper of what they leave, as an engine's monitor is. Ends with the first exit code that is not 0.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char **words) {
    int status;
    pid_t child = vfork();
    if (child == 0) {
        execvp(words[0], words);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) return 126;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int begin = 1, end = 1; begin < argc; begin = ++end) {
        while (end < argc && strcmp(argv[end], ",")) end++;
        argv[end] = NULL;
        if (begin == end) continue;
        if (!strcmp(argv[begin], "wait")) {
            while (wait(NULL) > 0 || errno == EINTR) continue;
            continue;
        }
        int code = run(argv + begin);
        if (code) return code;
    }
    return 0;
}
