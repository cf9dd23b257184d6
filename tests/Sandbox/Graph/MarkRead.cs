using System.Text.Json;
using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Phone;

namespace WpAsis.Sandbox.Graph;

/// <summary>Two blue ticks on a contact's message and on all before it; with a typing indicator for 25 seconds at most.</summary>
internal sealed class MarkRead(Chats chats, GraphRecords records, TimeProvider clock)
{
    public IResult Handle(BusinessNumber number, JsonElement body)
    {
        if (body.Text("messaging_product") != "whatsapp")
            return GraphError.Parameter("The parameter messaging_product is required and must be 'whatsapp'.").Answer();
        if (body.Text("status") != "read")
            return GraphError.Parameter("Param status must be 'read'.").Answer();
        if (body.Text("message_id") is not { } wamid || !wamid.StartsWith("wamid.", StringComparison.Ordinal))
            return new GraphError(400, 131009, "Param message_id is not the ID of a received message.").Answer();
        var typing = body.Get("typing_indicator");
        if (typing is { } indicator && indicator.Text("type") != "text")
            return GraphError.Parameter("Param typing_indicator['type'] must be 'text'.").Answer();
        if (records.Find(wamid) is not null)
            return new GraphError(400, 131009, "Param message_id is the ID of a message of the business.").Answer();
        // A test may have posted a raw webhook: its wamid is recorded although no chat has it.
        var chat = chats.OfInbound(wamid);
        chat?.ReadUpTo(wamid);
        if (typing is not null)
            chat?.Typing();
        records.Reads.Add(index => new ReadMark(
            index,
            number.PhoneNumberId,
            wamid,
            chat is not null,
            typing is not null,
            clock.GetUtcNow()
        ));
        return Results.Json(new { success = true });
    }
}
