using System.Globalization;
using Littlebox.Cli.Verbs;
using Littlebox.Cli.Verbs.Learn;

namespace Littlebox.Cli.Tests;

/// <summary>The chapters of the lesson and the table of its verb.</summary>
public sealed class ChapterListTests
{
    [Fact]
    public void The_table_of_learn_has_the_name_and_the_number_of_every_chapter_and_no_other_word()
    {
        Chapter[] chapters = ChapterList.All;
        Assert.Equal([.. chapters.Select(chapter => chapter.Name), .. chapters.Select((_, index) => (index + 1).ToString(CultureInfo.InvariantCulture))], LearnVerb.Spec.WordChoices!);
        for (int i = 0; i < chapters.Length; i++)
        {
            Assert.Equal(i, ChapterList.Find(chapters, chapters[i].Name));
            Assert.Equal(i, ChapterList.Find(chapters, $"{i + 1}"));
        }
        Assert.Equal(-1, ChapterList.Find(chapters, "0"));
        Assert.Equal(-1, ChapterList.Find(chapters, "9"));
    }

    [Fact]
    public void Every_chapter_has_words_commands_and_something_to_try()
    {
        foreach (Chapter chapter in ChapterList.All)
        {
            Assert.NotEmpty(chapter.Text);
            Assert.NotEmpty(chapter.Commands);
            Assert.NotEmpty(chapter.Try);
        }
    }
}
