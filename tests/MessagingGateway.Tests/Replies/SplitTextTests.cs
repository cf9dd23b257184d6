using System.Globalization;
using CsCheck;
using WpAsis.MessagingGateway.Replies;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SplitTextTests
{
    private const string Family = "👨‍👩‍👧‍👦";

    [Fact]
    public void A_text_that_fits_is_one_part() => SplitText.Into(new string('a', 4096), 4096).ShouldBe([new string('a', 4096)]);

    [Fact]
    public void A_paragraph_is_the_first_choice() =>
        SplitText
            .Into(new string('a', 60) + "\n\n" + new string('b', 20) + ". " + new string('c', 40), 100)
            .ShouldBe([new string('a', 60), new string('b', 20) + ". " + new string('c', 40)]);

    [Fact]
    public void A_sentence_is_not_cut_where_another_ends_before() =>
        SplitText.Into(new string('a', 60) + ". " + new string('b', 60), 100).ShouldBe([new string('a', 60) + ".", new string('b', 60)]);

    [Fact]
    public void A_word_is_not_cut_where_a_space_is_near() =>
        SplitText.Into(new string('a', 60) + " " + new string('b', 60), 100).ShouldBe([new string('a', 60), new string('b', 60)]);

    [Fact]
    public void A_family_of_emoji_stays_together()
    {
        var parts = SplitText.Into(string.Concat(Enumerable.Repeat(Family, 500)), 4096);

        parts.Count.ShouldBe(2);
        foreach (var part in parts)
            StringInfo.ParseCombiningCharacters(part).Length.ShouldBe(part.Length / Family.Length);
    }

    [Fact]
    public void A_grapheme_longer_than_a_message_still_ends() =>
        SplitText.Into("a" + new string('\u0301', 10_000), 4096).ShouldAllBe(part => part.Length <= 4096);

    [Fact]
    public void Nothing_but_white_space_is_lost() =>
        Gen.String[Gen.Char["ab .!?\n\t\u0301\U0001F600ğü"], 0, 400]
            .Select(Gen.Int[10, 80])
            .Sample(
                (text, limit) =>
                {
                    var parts = SplitText.Into(text, limit);
                    parts.ShouldAllBe(part => part.Length <= limit && part.Length > 0);
                    Words(string.Concat(parts)).ShouldBe(Words(text));
                }
            );

    private static string Words(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
}
