// Times whole processes: every round runs every command once, in a new random order, so that what else the machine does meets all of them alike.
//
//   pbench [-r ROUNDS] [-w WARM-UP ROUNDS] [-g IDLE MILLISECONDS] [-R REFERENCE LABEL]… [-j JOBS -n STARTS] < LIST
//
// With -j, a round of a command is STARTS of it, JOBS of them at any time; {slot} in its words is the number of the job, from 0, and the rate is printed.
// Up to two references. A line of LIST is LABEL<TAB>COMMAND; the command is split at blanks, '…' and "…" keep them. Each is started by vfork and execve with all three
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

enum { COMMANDS = 64, WORDS = 256, JOBS = 16, REFERENCES = 2 };

struct command {
    char *label, *words[WORDS], **slots[JOBS];
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

static pid_t start(char **words, int nothing) {
    pid_t child = vfork();
    if (child == 0) {
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(words[0], words);
        _exit(127);
    }
    if (child < 0) {
        perror("vfork");
        exit(1);
    }
    return child;
}

// Returns the slot whose command has ended; its exit code is in status if it failed.
static int finish(struct command *command, const pid_t *children, int jobs, int *status, double *cpu) {
    int code;
    struct rusage usage;
    pid_t child = wait4(-1, &code, 0, &usage);
    if (child < 0) {
        perror("wait4");
        exit(1);
    }
    *cpu += milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    if (usage.ru_maxrss > command->memory) command->memory = usage.ru_maxrss;
    if (code) *status = WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code);
    int slot = 0;
    while (slot < jobs - 1 && children[slot] != child) slot++;
    return slot;
}

static int run(struct command *command, int jobs, int starts, int nothing, double *wall, double *cpu) {
    pid_t children[JOBS];
    int status = 0, begun = 0, ended = 0;
    double began = now();
    *cpu = 0;
    for (; begun < jobs && begun < starts; begun++) children[begun] = start(command->slots[begun], nothing);
    for (; ended < starts; ended++) {
        int slot = finish(command, children, jobs, &status, cpu);
        if (begun >= starts) continue;
        children[slot] = start(command->slots[slot], nothing);
        begun++;
    }
    *wall = now() - began;
    *cpu /= starts;
    return status;
}

static char *with_slot(char *word, int slot) {
    char *at = strstr(word, "{slot}"), *made;
    if (!at) return word;
    if (asprintf(&made, "%.*s%d%s", (int)(at - word), word, slot, at + strlen("{slot}")) < 0) exit(1);
    return made;
}

int main(int argc, char **argv) {
    int rounds = 50, warm_up = 3, gap = 0, jobs = 1, starts = 1, references = 0, option, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const char *reference[REFERENCES];
    while ((option = getopt(argc, argv, "r:w:g:R:j:n:")) != -1) {
        if (option == 'r') rounds = atoi(optarg);
        else if (option == 'w') warm_up = atoi(optarg);
        else if (option == 'g') gap = atoi(optarg);
        else if (option == 'R' && references < REFERENCES) reference[references++] = optarg;
        else if (option == 'j') jobs = atoi(optarg);
        else if (option == 'n') starts = atoi(optarg);
        else return 2;
    }
    if (rounds < 1 || jobs < 1 || jobs > JOBS || starts < 1) return 2;

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
        for (int slot = 0; slot < jobs; slot++) {
            command->slots[slot] = calloc(WORDS, sizeof(char *));
            for (int word = 0; command->words[word]; word++) command->slots[slot][word] = with_slot(command->words[word], slot);
        }
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
            int status = run(command, jobs, starts, nothing, &wall, &cpu);
            if (status) {
                command->failures++;
                command->status = status;
            }
            if (round < 0) continue;
            command->wall[round] = wall;
            command->cpu[round] = cpu;
        }
    }

    double reference_median[REFERENCES] = { 0 }, reference_minimum[REFERENCES] = { 0 };
    for (int i = 0; i < count; i++) {
        for (int which = 0; which < references; which++) {
            if (strcmp(commands[i].label, reference[which])) continue;
            reference_median[which] = quantile(commands[i].wall, rounds, 0.5);
            reference_minimum[which] = commands[i].wall[0];
        }
    }
    printf("| %-36s | median µs |  min µs |  p90 µs |", "command");
    for (int which = 0; which < references; which++) printf(" median to %s | min to %s |", reference[which], reference[which]);
    printf(" cpu ms | peak MiB | failed |%s\n", jobs > 1 ? " per second (median) | per second (best) |" : "");
    printf("|%.38s|--:|--:|--:|", "--------------------------------------");
    for (int which = 0; which < references; which++) printf("--:|--:|");
    printf("--:|--:|--:|%s\n", jobs > 1 ? "--:|--:|" : "");
    for (int i = 0; i < count; i++) {
        struct command *command = &commands[i];
        double median = quantile(command->wall, rounds, 0.5), p90 = quantile(command->wall, rounds, 0.9), minimum = command->wall[0];
        printf("| %-36s | %9.0f | %7.0f | %7.0f |", command->label, median, minimum, p90);
        for (int which = 0; which < references; which++) {
            if (reference_median[which] > 0) printf(" %*.2f | %*.2f |", 10 + (int)strlen(reference[which]), median / reference_median[which], 7 + (int)strlen(reference[which]), minimum / reference_minimum[which]);
            else printf(" | |");
        }
        printf(" %6.2f | %8.1f |", quantile(command->cpu, rounds, 0.5), command->memory / 1024.0);
        if (command->failures) printf(" %d, exit code %d |", command->failures, command->status);
        else printf(" 0 |");
        if (jobs > 1) printf(" %.0f | %.0f |", starts * 1e6 / median, starts * 1e6 / minimum);
        printf("\n");
    }
    return 0;
}
