// Measures what it costs to start programs: wall time from posix_spawn to exit, processor time, and peak memory. The programs take turns, so that a busy machine is
// busy for all of them alike; the smallest time is the one that says something about the program.
// usage: measure-start RUNS IDLE_MS COMMAND…     a command is split at blanks; its words NAME=VALUE in front go to its environment
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc < 4) return fputs("usage: measure-start RUNS IDLE_MS COMMAND…\n", stderr), 2;
    int runs = atoi(argv[1]), idle = atoi(argv[2]), commands = argc - 3;
    double *times = calloc((size_t)runs * commands, sizeof *times);
    double *processor = calloc(commands, sizeof *processor);
    long *memory = calloc(commands, sizeof *memory);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    for (int run = 0; run < runs; run++)
        for (int command = 0; command < commands; command++) {
            char *words[64], *environment[256], text[4096];
            int count = 0, variables = 0;
            snprintf(text, sizeof text, "%s", argv[3 + command]);
            for (char *word = strtok(text, " "); word && count < 63; word = strtok(NULL, " "))
                if (count == 0 && strchr(word, '=') && variables < 16) environment[variables++] = word;
                else words[count++] = word;
            words[count] = NULL;
            for (char **e = environ; *e && variables < 255; e++) environment[variables++] = *e;
            environment[variables] = NULL;
            if (idle) usleep(idle * 1000);
            pid_t child;
            double start = now();
            if (posix_spawnp(&child, words[0], &actions, NULL, words, environment)) return perror(words[0]), 1;
            int status;
            struct rusage usage;
            wait4(child, &status, 0, &usage);
            times[(size_t)command * runs + run] = now() - start;
            if (status) return fprintf(stderr, "%s: status %d\n", argv[3 + command], status), 1;
            double used = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
            if (run == 0 || used < processor[command]) processor[command] = used;
            if (usage.ru_maxrss > memory[command]) memory[command] = usage.ru_maxrss;
        }
    for (int command = 0; command < commands; command++) {
        double *own = times + (size_t)command * runs;
        qsort(own, runs, sizeof *own, compare);
        printf("%.2f\t%.2f\t%.2f\t%ld\t%s\n", own[0], own[runs / 2], processor[command], memory[command], argv[3 + command]);
    }
    return 0;
}
