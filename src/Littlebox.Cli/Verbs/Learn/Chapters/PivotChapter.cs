namespace Littlebox.Cli.Verbs.Learn.Chapters;

/// <summary>pivot_root.</summary>
internal static class PivotChapter
{
    /// <summary>The words.</summary>
    public static Chapter Text => new()
    {
        Name = "pivot_root",
        Title = "pivot_root: another root for the whole namespace",
        Call = "pivot_root(",
        Text =
        [
            "Now the two change places. pivot_root makes the new root the root of this mount namespace, for every process in it, and puts the old root at a place within it. chroot does less: it only changes where one process begins to look, and a process with rights finds the way out again.",
            "The walkthrough makes a directory oldroot for the old root. littlebox needs none: pivot_root(\".\", \".\") puts the old root right over the new one, and the next step takes it off.",
        ],
        Commands = ["cd /littlebox", "mkdir oldroot", "pivot_root . oldroot"],
        Try = ["Both roots are at '/' now, the old one over the new one, with everything of this machine below it: nothing has been unmounted yet. s opens a shell in between; the next chapter takes the old root off."],
    };
}
