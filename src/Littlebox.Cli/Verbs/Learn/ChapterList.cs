using System.Globalization;
using Littlebox.Cli.Verbs.Learn.Chapters;

namespace Littlebox.Cli.Verbs.Learn;

/// <summary>All chapters, in the order of events.</summary>
internal static class ChapterList
{
    /// <summary>The chapters; the last two are played when the command runs.</summary>
    public static Chapter[] All =>
    [
        NamespacesChapter.Text, HostNameChapter.Text, RootChapter.Text, ProcChapter.Text, PivotChapter.Text, MountsChapter.Text, InodesChapter.Text, PermanentChapter.Text,
    ];

    /// <summary>The place of a chapter by its name or its number from 1; -1 where there is none.</summary>
    public static int Find(Chapter[] chapters, string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number >= 1 && number <= chapters.Length ? number - 1 : -1;
        return Array.FindIndex(chapters, chapter => chapter.Name == word);
    }
}
