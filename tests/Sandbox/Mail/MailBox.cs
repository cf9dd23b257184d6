using System.Globalization;
using MimeKit;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Mail;

/// <summary>A mail as a person reads it: decoded.</summary>
internal sealed record ReceivedMail(
    long Index,
    string From,
    IReadOnlyList<string> To,
    string Subject,
    string Text,
    string? Html,
    DateTimeOffset ReceivedAt
);

/// <summary>The newest mails, in memory.</summary>
internal sealed class MailBox(TimeProvider clock)
{
    private const int Kept = 500;
    private readonly BoundedLog<ReceivedMail> _mails = new(Kept);

    public IReadOnlyList<ReceivedMail> All() => _mails.After(0, Kept);

    public void Clear() => _mails.Clear();

    /// <summary>Decodes and keeps; false where the bytes are no mail.</summary>
    public bool TryKeep(string from, IReadOnlyList<string> to, byte[] raw)
    {
        try
        {
            using var stream = new MemoryStream(raw);
            using var message = MimeMessage.Load(stream);
            var text = message.TextBody ?? "";
            var html = message.HtmlBody;
            var subject = message.Subject ?? "";
            var now = clock.GetUtcNow();
            _mails.Add(index => new ReceivedMail(index, from, to, subject, text, html, now));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Newest last; <paramref name="to"/> and <paramref name="after"/> narrow it.</summary>
    public object List(string? to, long? after) =>
        new
        {
            items = All()
                .Where(mail => mail.Index > (after ?? 0))
                .Where(mail =>
                    to is not { Length: > 0 } || mail.To.Any(address => string.Equals(address, to, StringComparison.OrdinalIgnoreCase))
                ),
            total = _mails.Total,
            kept = string.Create(CultureInfo.InvariantCulture, $"{Kept} at most"),
        };
}
