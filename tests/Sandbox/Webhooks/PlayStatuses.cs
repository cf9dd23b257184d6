using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Phone;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>What happens to an accepted message: sent, delivered, and read while somebody looks at the phone page.</summary>
internal sealed class PlayStatuses(DeliverWebhook deliver, FaultList faults, Generation generation, TimeProvider clock)
{
    private static readonly TimeSpan UntilSent = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UntilDelivered = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan UntilRead = TimeSpan.FromMilliseconds(200);

    /// <summary>Plays a message's life in the background.</summary>
    public void Start(BusinessNumber number, Chat chat, SentMessage message, string body) => _ = RunAsync(number, chat, message, body);

    /// <summary>The page was opened: what was delivered is read now.</summary>
    public void ReadAll(BusinessNumber number, Chat chat, IEnumerable<SentMessage> messages)
    {
        foreach (var message in messages.Where(message => message.Status == "delivered"))
            Say(number, chat, message, "read", null);
    }

    private async Task RunAsync(BusinessNumber number, Chat chat, SentMessage message, string body)
    {
        var token = generation.Token;
        var fault = faults.Take("graph", body, ofStatus: true) ?? faults.Take("webhook", body, ofStatus: true);
        try
        {
            await Task.Delay(UntilSent, clock, token);
            await PlayAsync(number, chat, message, "sent", fault, token);
            await Task.Delay(UntilDelivered, clock, token);
            if (fault?.Kind == "fail-status")
            {
                Say(number, chat, message, "failed", fault.Code ?? 131026);
                return;
            }
            await PlayAsync(number, chat, message, "delivered", fault, token);
            await Task.Delay(UntilRead, clock, token);
            if (chat.IsOpen && message.Status == "delivered")
                await PlayAsync(number, chat, message, "read", fault, token);
        }
        catch (OperationCanceledException)
        {
            // Reset: nobody waits for these statuses any more.
        }
    }

    private async Task PlayAsync(
        BusinessNumber number,
        Chat chat,
        SentMessage message,
        string status,
        Fault? fault,
        CancellationToken token
    )
    {
        var struck = fault is not null && (fault.Only is null || fault.Only == status) ? fault.Kind : null;
        if (struck == "drop-status")
        {
            message.Status = status;
            return;
        }
        if (struck == "late-status" && fault!.Only is not null)
        {
            _ = SayLaterAsync(number, chat, message, status, fault.Delay, token);
            return;
        }
        // Late as a whole: only the first one waits, the others follow it in order.
        if (struck == "late-status" && status == "sent")
            await Task.Delay(fault!.Delay, clock, token);
        Say(number, chat, message, status, null);
        if (struck == "duplicate-status")
            Say(number, chat, message, status, null);
    }

    private async Task SayLaterAsync(
        BusinessNumber number,
        Chat chat,
        SentMessage message,
        string status,
        TimeSpan delay,
        CancellationToken token
    )
    {
        try
        {
            await Task.Delay(delay, clock, token);
            Say(number, chat, message, status, null);
        }
        catch (OperationCanceledException)
        {
            // Reset.
        }
    }

    private void Say(BusinessNumber number, Chat chat, SentMessage message, string status, int? errorCode)
    {
        message.Status = status;
        _ = deliver.DeliverAsync(WebhookPayload.Status(number, chat.Person, message, status, errorCode, clock.GetUtcNow()));
    }
}
