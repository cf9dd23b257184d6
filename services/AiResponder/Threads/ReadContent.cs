using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Turns;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.AiResponder.Threads;

/// <summary>What was said in a thread, as far as it still opens, oldest first.</summary>
internal sealed record ReadContentResponse(ThreadId ThreadId, IReadOnlyList<SaidItem> Items);

/// <summary>One thing that was said, under the id of its message or of the assistant's reply.</summary>
internal sealed record SaidItem
{
    public MessageId? MessageId { get; init; }

    public ReplyId? ReplyId { get; init; }

    public required Speaker Speaker { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Readable, or why there are no words.</summary>
    public required PartState State { get; init; }

    [MessageContent]
    public string? Text { get; init; }

    /// <summary>Never the words.</summary>
    public override string ToString() => $"{Speaker} {State}";
}

/// <summary>
/// Opens what was said for the person who takes over: open epochs only, and every opening is written down in the transaction that
/// reads. What has expired stays closed for everybody.
/// </summary>
internal static class ReadContentEndpoint
{
    private const int MaxRows = 100;

    public static void MapReadContent(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/threads/{id}/content", HandleAsync).RequireAuthorization(Policies.Agent).WithName("ReadContent");

    private static async Task<Results<Ok<ReadContentResponse>, ProblemHttpResult>> HandleAsync(
        ThreadId id,
        ResponderDbContext db,
        ContentReader reader,
        TimeProvider clock,
        ClaimsPrincipal user,
        HttpResponse response,
        CancellationToken cancellationToken
    )
    {
        response.Headers.CacheControl = "no-store";
        var (known, items) = await db.InTenantAsync(
            user.TenantIdOf(),
            (inner, token) => OpenAsync(inner, user, id, reader, clock, token),
            cancellationToken
        );
        if (known is null)
            return Problems.Of(StatusCodes.Status404NotFound, "no-such-thread", "There is no such thread.");
        return known.Erased
            ? Problems.Of(StatusCodes.Status410Gone, "thread-erased", "The contact's data was deleted.")
            : TypedResults.Ok(new ReadContentResponse(id, items));
    }

    private static async Task<(TurnClock? Thread, List<SaidItem> Items)> OpenAsync(
        ResponderDbContext db,
        ClaimsPrincipal user,
        ThreadId id,
        ContentReader reader,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var tenant = user.TenantIdOf();
        // Clocks carry no policy of the database, so the tenant is asked for here.
        var thread = await db
            .Clocks.AsNoTracking()
            .SingleOrDefaultAsync(row => row.ThreadId == id && row.TenantId == tenant, cancellationToken);
        if (thread is null or { Erased: true })
            return (thread, []);
        db.ContentAccesses.Add(
            new ContentAccess
            {
                AccessId = TypedId.NewGuid(clock),
                TenantId = tenant,
                ThreadId = id,
                AccountId = user.AccountIdOf(),
                At = clock.GetUtcNow(),
            }
        );
        List<SaidItem> items =
        [
            .. await ContactsAsync(db, id, reader, cancellationToken),
            .. await RepliesAsync(db, id, reader, cancellationToken),
            .. await PersonsAsync(db, id, reader, cancellationToken),
        ];
        items.Sort((one, other) => one.At.CompareTo(other.At));
        return (thread, items);
    }

    private static async Task<IEnumerable<SaidItem>> ContactsAsync(
        ResponderDbContext db,
        ThreadId thread,
        ContentReader reader,
        CancellationToken cancellationToken
    )
    {
        var messages = await db
            .Messages.AsNoTracking()
            .Where(message => message.ThreadId == thread)
            .OrderByDescending(message => message.Seq)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        var ids = messages.ConvertAll(message => message.MessageId);
        var amendments = await ReadParts.AmendmentsAsync(db, thread, ids, cancellationToken);
        return messages.Select(message =>
        {
            var part = ReadParts.PartOf(message, amendments[message.MessageId], reader);
            return new SaidItem
            {
                MessageId = message.MessageId,
                Speaker = Speaker.Contact,
                At = message.SentAt,
                State = part.State,
                Text = part.Text.Length == 0 ? null : part.Text,
            };
        });
    }

    private static async Task<IEnumerable<SaidItem>> RepliesAsync(
        ResponderDbContext db,
        ThreadId thread,
        ContentReader reader,
        CancellationToken cancellationToken
    )
    {
        // A dropped reply was never seen by the contact.
        var replies = await db
            .Replies.AsNoTracking()
            .Where(reply => reply.ThreadId == thread && reply.State != ReplyState.Dropped)
            .OrderByDescending(reply => reply.CreatedAt)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        return replies.Select(reply =>
        {
            var (state, text) = reader.Read(reply.TenantId, thread, reply.ReplyId.Value, Reply.Kind, reply.Content);
            return new SaidItem
            {
                ReplyId = reply.ReplyId,
                Speaker = Speaker.Assistant,
                At = reply.CreatedAt,
                State = state,
                Text = text,
            };
        });
    }

    private static async Task<IEnumerable<SaidItem>> PersonsAsync(
        ResponderDbContext db,
        ThreadId thread,
        ContentReader reader,
        CancellationToken cancellationToken
    )
    {
        var said = await db
            .HumanReplies.AsNoTracking()
            .Where(reply => reply.ThreadId == thread)
            .OrderByDescending(reply => reply.At)
            .Take(MaxRows)
            .ToListAsync(cancellationToken);
        return said.Select(reply =>
        {
            var (state, text) = reader.Read(reply.TenantId, thread, reply.MessageId.Value, HumanReply.Kind, reply.Content);
            return new SaidItem
            {
                MessageId = reply.MessageId,
                Speaker = Speaker.Person,
                At = reply.At,
                State = state,
                Text = text,
            };
        });
    }

    private static (PartState State, string? Text) Read(
        this ContentReader reader,
        TenantId tenant,
        ThreadId thread,
        Guid item,
        string kind,
        Privacy.Sealing.SealedContent? content
    )
    {
        if (content is null)
            return (PartState.Expired, null);
        var text = reader.Open(tenant, thread, item, kind, content, out var expired);
        if (expired)
            return (PartState.Expired, null);
        return text.Length == 0 ? (PartState.Unreadable, null) : (PartState.Readable, text);
    }
}
