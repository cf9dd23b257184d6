using WpAsis.Console.Apis;

namespace WpAsis.Console.Pages.Conversations;

/// <summary>A message of the timeline, with its words where they were opened. Does not print itself.</summary>
/// <param name="Message">What the log knows.</param>
/// <param name="Said">The words, or why there are none; absent when nothing was opened.</param>
/// <param name="StartsDay">The first one of its day.</param>
internal sealed record Entry(MessageView Message, SaidView? Said, bool StartsDay)
{
    /// <summary>Oldest first, as a conversation is read.</summary>
    public static IReadOnlyList<Entry> Of(IReadOnlyList<MessageView> newestFirst, ContentView? content)
    {
        var said = (content?.Items ?? []).ToLookup(item => item.MessageId ?? item.ReplyId ?? "", StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<Entry>();
        foreach (var message in newestFirst.Reverse())
        {
            var words = said[message.Id].FirstOrDefault() ?? said[message.ReplyId ?? ""].FirstOrDefault();
            // A long answer goes out in several messages; its words stand at the first.
            if (words?.ReplyId is { } reply && !shown.Add(reply))
                words = null;
            var startsDay = entries.Count == 0 || entries[^1].Message.SentAt.UtcDateTime.Date != message.SentAt.UtcDateTime.Date;
            entries.Add(new(message, words, startsDay));
        }
        return entries;
    }

    /// <inheritdoc />
    public override string ToString() => Message.Id;
}
