using System.Text;
using System.Text.Json;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Phone;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Graph;

/// <summary><c>POST /{phone-number-id}/messages</c>: a send, or a read mark with or without typing.</summary>
internal sealed class SendMessage(
    GraphAccess access,
    FaultList faults,
    People people,
    Chats chats,
    GraphRecords records,
    MarkRead markRead,
    PlayStatuses statuses,
    TimeProvider clock
)
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public async Task<IResult> HandleAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        var bytes = await context.Request.ReadBytesAsync(cancellationToken);
        var parsed = JsonReading.TryParse(bytes);
        var isRead = parsed?.Text("status") is not null;
        var fault = faults.Take("graph", $"{context.Request.Path}\n{Encoding.UTF8.GetString(bytes)}", matchOnly: isRead);
        if (await fault.BeforeAsync(context, clock))
            return Results.Empty;
        if (fault?.Kind == "status")
            return Refuse(context, fault);
        if (!access.Allows(context.Request, id, out var number, out var refused))
            return Count(refused);
        if (parsed is not { ValueKind: JsonValueKind.Object } body)
            return Count(GraphError.Parameter("The body is not a JSON object."));
        if (isRead)
            return markRead.Handle(number, body);
        if (CheckMessage.Check(body) is { } wrong)
            return Count(wrong);
        var person = people.Learn(body.Text("to"), body.Text("recipient"));
        var chat = chats.Get(number.PhoneNumberId, person);
        if (IsClosed(chat) && body.Text("type") != "template")
        {
            var details = "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
            return Count(new GraphError(400, 131047, details));
        }
        var message = Accept(number, person, body, context.Request.Headers.TraceParent);
        chats.AddOutbound(chat, message);
        statuses.Start(number, chat, message, Encoding.UTF8.GetString(bytes));
        return await fault.AfterAsync(context, clock) ? Results.Empty : Accepted(body, person, message);
    }

    /// <summary>A contact that was never seen to write has the benefit of the doubt.</summary>
    private bool IsClosed(Chat chat) => chat.LastInboundAt is { } last && clock.GetUtcNow() - last > Window;

    private SentMessage Accept(BusinessNumber number, Person person, JsonElement body, string? traceParent)
    {
        var type = body.Text("type") ?? "text";
        return records.Add(index => new SentMessage
        {
            Index = index,
            Wamid = Wamids.Make(person.Key, inbound: false),
            PhoneNumberId = number.PhoneNumberId,
            To = body.Text("to"),
            Recipient = body.Text("recipient"),
            Type = type,
            Text = body.Get("text")?.Text("body") ?? body.Get("interactive")?.Get("body")?.Text("text") ?? body.Get(type)?.Text("caption"),
            Body = body,
            CallbackData = body.Text("biz_opaque_callback_data"),
            TraceParent = traceParent,
            At = clock.GetUtcNow(),
        });
    }

    private static IResult Accepted(JsonElement body, Person person, SentMessage message) =>
        Results.Json(
            new
            {
                messaging_product = "whatsapp",
                contacts = new[]
                {
                    message.To is not null
                        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["input"] = message.To, ["wa_id"] = person.WaId! }
                        : new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["input"] = message.Recipient!,
                            ["user_id"] = person.UserId,
                        },
                },
                messages = new[] { Message(body, message) },
            }
        );

    private static Dictionary<string, string> Message(JsonElement body, SentMessage message)
    {
        var entry = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = message.Wamid };
        if (body.Text("type") == "template")
            entry["message_status"] = "accepted";
        return entry;
    }

    private IResult Refuse(HttpContext context, Fault fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var status = fault.HttpStatus ?? 500;
        var code =
            fault.Code
            ?? (
                status == 429 ? 130429
                : status >= 500 ? 131016
                : 131000
            );
        return Count(new GraphError(status, code, "The sandbox was asked to refuse this call."));
    }

    private IResult Count(GraphError error)
    {
        records.CountRefusal();
        return error.Answer();
    }
}
