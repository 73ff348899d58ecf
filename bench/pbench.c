// Times whole processes: every round runs every command once, in a new random order, so that what else the machine does meets all of them alike.
//
//   pbench [-r ROUNDS] [-w WARM-UP ROUNDS] [-g IDLE MILLISECONDS] [-R REFERENCE LABEL] < LIST
//
// A line of LIST is LABEL<TAB>COMMAND; the command is split at blanks, '…' and "…" keep them. Each is started by vfork and execve with all three
// standard streams on /dev/null. Wall time is CLOCK_MONOTONIC from before vfork to after wait4; processor time and peak memory are wait4's,
// and so cover the command and the children that it has waited for.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS = 64, WORDS = 256 };

struct command {
    char *label, *words[WORDS];
    double *wall, *cpu;
    long memory;
    int failures, status;
};

static struct command commands[COMMANDS];
static int count;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

// Sorts in place.
static double quantile(double *values, int length, double fraction) {
    qsort(values, length, sizeof *values, compare);
    double at = (length - 1) * fraction;
    int low = (int)at, high = low + 1 < length ? low + 1 : low;
    return values[low] + (values[high] - values[low]) * (at - low);
}

static void split(struct command *command, char *text) {
    int number = 0;
    while (*text) {
        while (*text == ' ') text++;
        if (!*text) break;
        char *start = text, *end = text, quote = 0;
        for (; *text && (quote || *text != ' '); text++) {
            if (quote && *text == quote) quote = 0;
            else if (!quote && (*text == '\'' || *text == '"')) quote = *text;
            else *end++ = *text;
        }
        int more = *text != 0;
        *end = 0;
        text += more;
        if (number < WORDS - 1) command->words[number++] = start;
    }
}

static double milliseconds(struct timeval time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

static int run(struct command *command, int nothing, double *wall, double *cpu) {
    int status;
    struct rusage usage;
    double start = now();
    pid_t child = vfork();
    if (child == 0) {
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(command->words[0], command->words);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
        perror("vfork");
        exit(1);
    }
    *wall = now() - start;
    *cpu = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    if (usage.ru_maxrss > command->memory) command->memory = usage.ru_maxrss;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv) {
    int rounds = 50, warm_up = 3, gap = 0, option, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const char *reference = NULL;
    while ((option = getopt(argc, argv, "r:w:g:R:")) != -1) {
        if (option == 'r') rounds = atoi(optarg);
        else if (option == 'w') warm_up = atoi(optarg);
        else if (option == 'g') gap = atoi(optarg);
        else if (option == 'R') reference = optarg;
        else return 2;
    }
    if (rounds < 1) return 2;

    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0 && count < COMMANDS) {
        line[strcspn(line, "\n")] = 0;
        char *copy = strdup(line), *label = strsep(&copy, "\t");
        if (!*label || !copy) continue;
        struct command *command = &commands[count++];
        command->label = label;
        command->wall = calloc(rounds, sizeof(double));
        command->cpu = calloc(rounds, sizeof(double));
        split(command, copy);
    }

    int order[COMMANDS];
    for (int i = 0; i < count; i++) order[i] = i;
    unsigned seed = time(NULL);
    for (int round = -warm_up; round < rounds; round++) {
        for (int i = count - 1; i > 0; i--) {
            int other = rand_r(&seed) % (i + 1), kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        for (int i = 0; i < count; i++) {
            struct command *command = &commands[order[i]];
            double wall, cpu;
            if (gap) usleep(gap * 1000);
            int status = run(command, nothing, &wall, &cpu);
            if (status) {
                command->failures++;
                command->status = status;
            }
            if (round < 0) continue;
            command->wall[round] = wall;
            command->cpu[round] = cpu;
        }
    }

    double reference_median = 0, reference_minimum = 0;
    for (int i = 0; i < count; i++) {
        if (!reference || strcmp(commands[i].label, reference)) continue;
        reference_median = quantile(commands[i].wall, rounds, 0.5);
        reference_minimum = commands[i].wall[0];
    }
    printf("| %-36s | median µs |  min µs |  p90 µs | median to ref. | min to ref. | cpu ms | peak MiB | failed |\n", "command");
    printf("|%.38s|--:|--:|--:|--:|--:|--:|--:|--:|\n", "--------------------------------------");
    for (int i = 0; i < count; i++) {
        struct command *command = &commands[i];
        double median = quantile(command->wall, rounds, 0.5), p90 = quantile(command->wall, rounds, 0.9), minimum = command->wall[0];
        printf("| %-36s | %9.0f | %7.0f | %7.0f |", command->label, median, minimum, p90);
        if (reference_median > 0) printf(" %14.2f | %11.2f |", median / reference_median, minimum / reference_minimum);
        else printf(" %14s | %11s |", "", "");
        printf(" %6.2f | %8.1f |", quantile(command->cpu, rounds, 0.5), command->memory / 1024.0);
        if (command->failures) printf(" %d, exit code %d |\n", command->failures, command->status);
        else printf(" 0 |\n");
    }
    return 0;
}
