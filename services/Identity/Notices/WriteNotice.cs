using System.Globalization;
using MimeKit;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Texts;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.Identity.Notices;

/// <summary>Who gets it, opened for as long as it takes to send.</summary>
/// <param name="Name">How they are greeted.</param>
/// <param name="Email">Where it goes.</param>
/// <param name="Language">tr or en.</param>
/// <param name="SignUp">The sign-up, where it is not an account yet.</param>
internal sealed record Recipient(PersonName Name, EmailAddress Email, string Language, AccountId? SignUp);

/// <summary>Writes a notice in the person's language: plain text, one link, no picture that tells who has read it.</summary>
internal sealed class WriteNotice(IConfiguration configuration, ConfirmationToken tokens, MailRelay relay)
{
    public MimeMessage Write(Notice notice, Recipient recipient, DateTimeOffset now)
    {
        var culture = CultureInfo.GetCultureInfo(recipient.Language);
        var subject = Fill(NoticeTexts.Get($"{notice.Kind}.Subject", culture), notice);
        var lines = new List<string>
        {
            NoticeTexts.Get("Greeting", culture).Replace("{name}", recipient.Name.Reveal(), StringComparison.Ordinal),
            Fill(NoticeTexts.Get($"{notice.Kind}.Body", culture), notice),
        };
        if (LinkOf(notice, recipient) is { } link)
            lines.Add(link.AbsoluteUri);
        lines.Add(NoticeTexts.Get("Footer", culture));

        var message = new MimeMessage
        {
            Subject = subject,
            Date = now,
            // The same for every attempt: a relay or a mailbox that saw it knows it again.
            MessageId = $"{notice.NoticeId}.{notice.SubjectId}@{relay.Sender.Domain}",
            Body = new TextPart("plain") { Text = string.Join("\r\n\r\n", lines) + "\r\n" },
        };
        message.From.Add(relay.Sender);
        message.To.Add(new MailboxAddress(recipient.Name.Reveal(), recipient.Email.Reveal()));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("Content-Language", recipient.Language);
        return message;
    }

    private Uri? LinkOf(Notice notice, Recipient recipient) =>
        notice.Kind is NoticeKind.ConfirmEmail
            ? new Uri(new Uri(Required("Auth:Authority")), "/confirm?token=" + tokens.For(recipient.SignUp!.Value))
        : notice.Link is { } path ? new Uri(new Uri(Required("PublicUrls:Console")), path)
        : null;

    private static string Fill(string text, Notice notice)
    {
        foreach (var (name, value) in notice.Values)
            text = text.Replace("{" + name + "}", value, StringComparison.Ordinal);
        return text;
    }

    private string Required(string setting) => configuration[setting] ?? throw new InvalidOperationException($"{setting} is missing.");
}
