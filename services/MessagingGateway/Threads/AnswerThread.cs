using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>What a person writes to a contact.</summary>
/// <param name="Text">The words, as they go out.</param>
/// <param name="IdempotencyKey">The same for every repetition of one answer.</param>
internal sealed record AnswerThreadRequest(
    [property: MessageContent] string Text,
    [property: NotPersonal("a random id")] Guid IdempotencyKey
)
{
    /// <summary>Never the words.</summary>
    public override string ToString() => IdempotencyKey.ToString();
}

/// <summary>The message that the answer becomes; its state stands in the log.</summary>
internal sealed record AnswerThreadResponse(MessageId MessageId, ReplyId ReplyId);

/// <summary>
/// A person answers in a thread that they have taken over. The answer goes the way of the assistant's: queued here, checked once more
/// under the thread's lock before the call. The same key again changes nothing.
/// </summary>
internal static class AnswerThreadEndpoint
{
    public static void MapAnswerThread(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/threads/{id}/messages", HandleAsync).RequireAuthorization(Policies.Agent);

    private static async Task<Results<Accepted<AnswerThreadResponse>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ThreadId id,
        AnswerThreadRequest request,
        AnswerThread answer,
        CancellationToken cancellationToken
    )
    {
        var text = request.Text.ReplaceLineEndings("\n").Trim();
        if (text.Length == 0)
            return Problems.Invalid("text", "An answer says something.");
        if (text.Length > GraphMessage.MaxText)
            return Problems.Invalid("text", $"An answer holds {GraphMessage.MaxText} characters at most.");
        if (request.IdempotencyKey == Guid.Empty)
            return Problems.Invalid("idempotencyKey", "A random id, the same for every repetition.");

        var reply = TypedId.Derive<ReplyId>("person-reply", id.Value, request.IdempotencyKey);
        var refusal = await answer.RunAsync(user, id, reply, text, cancellationToken);
        return refusal is null
            ? TypedResults.Accepted($"/threads/{id}", new AnswerThreadResponse(PrepareCall.MessageIdOf(reply, part: 1), reply))
            : Refused(refusal.Value);
    }

    private static ProblemHttpResult Refused(AnswerRefusal refusal) =>
        refusal switch
        {
            AnswerRefusal.NoThread => Problems.Of(StatusCodes.Status404NotFound, "no-such-thread", "There is no such thread."),
            AnswerRefusal.NotTakenOver => Conflict("not-taken-over", "The assistant is in charge of this thread."),
            AnswerRefusal.OptedOut => Conflict("opted-out", "This contact said stop."),
            AnswerRefusal.WindowClosed => Conflict("window-closed", "The contact wrote too long ago."),
            _ => Conflict("channel-blocked", "Nothing can be sent from this number."),
        };

    private static ProblemHttpResult Conflict(string type, string title) => Problems.Of(StatusCodes.Status409Conflict, type, title);
}

/// <summary>Why an answer is not taken.</summary>
internal enum AnswerRefusal
{
    NoThread,
    NotTakenOver,
    OptedOut,
    WindowClosed,
    ChannelBlocked,
}

/// <summary>Queues a person's answer and writes its line in the log, under the thread's row lock.</summary>
internal sealed class AnswerThread(GatewayDbContext db, ContentSealer sealer, TimeProvider clock)
{
    // A person waits for it; an answer that comes later than this would surprise both.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Null when it was taken, now or before.</summary>
    public Task<AnswerRefusal?> RunAsync(
        ClaimsPrincipal user,
        ThreadId thread,
        ReplyId reply,
        string text,
        CancellationToken cancellationToken
    ) =>
        db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => AnswerAsync(inner.Connection(), user, thread, reply, text, token),
            cancellationToken
        );

    private async Task<AnswerRefusal?> AnswerAsync(
        NpgsqlConnection connection,
        ClaimsPrincipal user,
        ThreadId id,
        ReplyId reply,
        string text,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var thread = await ThreadRow.LockAsync(connection, id, cancellationToken);
        if (thread is null or { Erased: true })
            return AnswerRefusal.NoThread;
        if (await IsKnownAsync(connection, reply, cancellationToken))
            return null;
        if (thread.Mode is not ThreadMode.Human)
            return AnswerRefusal.NotTakenOver;
        if (thread.OptedOut)
            return AnswerRefusal.OptedOut;
        if (thread.WindowClosesAt <= now)
            return AnswerRefusal.WindowClosed;
        var (channel, subject, isOpen) = await FindChannelAsync(connection, id, cancellationToken);
        if (!isOpen)
            return AnswerRefusal.ChannelBlocked;

        var tenant = user.TenantIdOf();
        var message = PrepareCall.MessageIdOf(reply, part: 1);
        var address = new ContentAddress(tenant, id, message.Value, Webhooks.MessageContent.Human);
        var window = await FindWindowAsync(connection, tenant, cancellationToken);
        var send = new NewSend
        {
            TenantId = tenant,
            ReplyId = reply,
            ThreadId = id,
            ChannelId = channel,
            Subject = subject,
            AccountId = user.AccountIdOf(),
            SendBefore = now + Patience,
            Content = sealer.Seal(address, window, JsonSerializer.SerializeToUtf8Bytes(new { text })),
        };
        await QueueReply.RunAsync(connection, send, now, cancellationToken);
        await MessageLog.AddWrittenAsync(connection, send, message, now, cancellationToken);
        return null;
    }

    private static async Task<bool> IsKnownAsync(NpgsqlConnection connection, ReplyId reply, CancellationToken cancellationToken)
    {
        var known = await connection.ReadAsync("select 1 from send where reply_id = $1", [reply.Value], _ => true, cancellationToken);
        return known.Count > 0;
    }

    private static async Task<(ChannelId Channel, DataSubjectId Subject, bool IsOpen)> FindChannelAsync(
        NpgsqlConnection connection,
        ThreadId thread,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            """
            select t.subject, c.id as channel_id, c.phone_number_id, c.state, c.circuit_state, c.access_token, c.pace_at, c.paused_at
            from thread t join channel c on c.id = t.channel_id where t.id = $1
            """,
            [thread.Value],
            row => (new ChannelId(row.GetGuid(1)), new DataSubjectId(row.GetGuid(0)), ChannelRow.Read(row, "channel_id").IsOpen),
            cancellationToken
        );
        return rows.Single();
    }

    private static async Task<WindowClass> FindWindowAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            "select window_class from tenant_route where tenant_id = $1",
            [tenant.Value],
            row => (WindowClass)row.GetInt32(0),
            cancellationToken
        );
        return rows.Count == 0 ? WindowClass.Hours24 : rows[0];
    }
}
