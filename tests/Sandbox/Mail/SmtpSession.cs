using System.Text;
using WpAsis.Sandbox.Faults;

namespace WpAsis.Sandbox.Mail;

/// <summary>One SMTP conversation: the commands a submission client uses, in their order, within limits.</summary>
internal sealed class SmtpSession(Stream stream, MailBox box, FaultList faults, TimeProvider clock)
{
    private const int MostRecipients = 100;
    private const int MostBytes = 1024 * 1024;
    private readonly SmtpLines _lines = new(stream);
    private readonly List<string> _to = [];
    private string? _from;
    private bool _authenticated;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SayAsync("220 localhost SANDBOX ESMTP: delivers to nobody", cancellationToken);
        for (var errors = 0; errors < 20; )
        {
            if (await _lines.ReadAsync(cancellationToken) is not { } line)
                return;
            var answer = await AnswerAsync(line, cancellationToken);
            if (answer is null)
                return;
            if (answer.StartsWith('5'))
                errors++;
            await SayAsync(answer, cancellationToken);
            if (answer.StartsWith("221", StringComparison.Ordinal))
                return;
        }
    }

    private async Task<string?> AnswerAsync(string line, CancellationToken cancellationToken)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : line[(space + 1)..].Trim();
        return verb switch
        {
            "EHLO" =>
                $"250-localhost\r\n250-SIZE {MostBytes}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES",
            "HELO" => "250 localhost",
            "NOOP" => "250 2.0.0 OK",
            "QUIT" => "221 2.0.0 Bye",
            "RSET" => Reset(),
            "AUTH" => await AuthenticateAsync(rest, cancellationToken),
            "MAIL" => Sender(rest),
            "RCPT" => Recipient(rest),
            "DATA" => await DataAsync(cancellationToken),
            _ => "502 5.5.1 Command not implemented",
        };
    }

    private string Reset()
    {
        _from = null;
        _to.Clear();
        return "250 2.0.0 OK";
    }

    private async Task<string?> AuthenticateAsync(string rest, CancellationToken cancellationToken)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? user = null;
        string? password = null;
        switch (words.FirstOrDefault()?.ToUpperInvariant())
        {
            case "PLAIN":
                var parts = Decode(words.Length > 1 ? words[1] : await AskAsync("", cancellationToken)).Split('\0');
                if (parts.Length == 3)
                    (user, password) = (parts[1], parts[2]);
                break;
            case "LOGIN":
                user = Decode(words.Length > 1 ? words[1] : await AskAsync("VXNlcm5hbWU6", cancellationToken));
                password = Decode(await AskAsync("UGFzc3dvcmQ6", cancellationToken));
                break;
            default:
                return "504 5.5.4 Mechanism not supported";
        }
        _authenticated = user is { Length: > 0 } && password is { Length: > 0 };
        return _authenticated ? "235 2.7.0 Accepted" : "535 5.7.8 Credentials are empty";
    }

    private async Task<string?> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        await SayAsync("334 " + prompt, cancellationToken);
        return await _lines.ReadAsync(cancellationToken);
    }

    private string Sender(string rest)
    {
        if (!_authenticated)
            return "530 5.7.0 Authentication required";
        if (Address(rest, "FROM:") is not { } address)
            return "501 5.5.4 MAIL FROM:<address>";
        Reset();
        _from = address;
        return "250 2.1.0 OK";
    }

    private string Recipient(string rest)
    {
        if (_from is null)
            return "503 5.5.1 MAIL first";
        if (Address(rest, "TO:") is not { Length: > 0 } address)
            return "501 5.5.4 RCPT TO:<address>";
        if (_to.Count >= MostRecipients)
            return "452 4.5.3 Too many recipients";
        _to.Add(address);
        return "250 2.1.5 OK";
    }

    private async Task<string?> DataAsync(CancellationToken cancellationToken)
    {
        if (_from is null || _to.Count == 0)
            return "503 5.5.1 MAIL and RCPT first";
        var fault = faults.Take("smtp", string.Join('\n', _to.Append(_from)));
        if (fault?.Kind == "slow")
            await Task.Delay(fault.Delay, clock, cancellationToken);
        if (fault?.Kind == "reset")
            return null;
        if (fault?.Kind == "timeout")
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        if (fault?.Kind == "status")
            return $"{fault.Code ?? 451} {(fault.Code >= 500 ? "5" : "4")}.3.0 The sandbox was asked to refuse this mail";
        await SayAsync("354 End with <CRLF>.<CRLF>", cancellationToken);
        if (await _lines.ReadDataAsync(MostBytes, cancellationToken) is not { } data)
            return "552 5.3.4 Message is too big";
        var kept = box.TryKeep(_from, [.. _to], data);
        Reset();
        if (fault?.Kind == "timeout-after-accept")
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        return kept ? "250 2.0.0 Kept in the sandbox" : "554 5.6.0 That is no mail";
    }

    private async Task SayAsync(string line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static string? Address(string rest, string keyword)
    {
        if (!rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var open = rest.IndexOf('<', StringComparison.Ordinal);
        var close = rest.IndexOf('>', StringComparison.Ordinal);
        return open >= 0 && close > open ? rest[(open + 1)..close] : null;
    }

    private static string Decode(string? base64)
    {
        var buffer = new byte[1024];
        return base64 is { Length: < 1024 } && Convert.TryFromBase64String(base64, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : "";
    }
}
