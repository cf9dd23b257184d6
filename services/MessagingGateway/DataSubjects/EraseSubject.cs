using MassTransit;
using Npgsql;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.DataSubjects;

namespace WpAsis.MessagingGateway.DataSubjects;

/// <summary>A contact is to be forgotten.</summary>
internal sealed class EraseSubjectConsumer(WorkDb<GatewayDbContext> work, EraseSubject erase, TimeProvider clock)
    : IConsumer<ErasureRequested>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<ErasureRequested> context)
    {
        var request = context.Message;
        await using var db = work.CreateContext();
        var mayArrive = await erase.WaitForCallsAsync(db, request, context.CancellationToken);
        await context.AnswerErasureAsync(
            db,
            DataSubjectsFeature.Service,
            clock,
            async (inner, token) => await erase.RunAsync(inner, request, mayArrive, token)
        );
    }
}

/// <summary>
/// Forgets a contact: nothing that waits to be sent goes out, the thread ends, the names lead nowhere. STOP survives, by hash alone.
/// </summary>
internal sealed class EraseSubject(SubjectEraser eraser, SendMetrics metrics, GraphSettings graph, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Forgets in the caller's transaction, which has named the tenant; the receipt.</summary>
    public async Task<string> RunAsync(
        GatewayDbContext db,
        ErasureRequested request,
        bool oneMayStillArrive,
        CancellationToken cancellationToken
    )
    {
        await ErasureGate.CloseAsync(db, cancellationToken);
        var order = new ErasureOrder(request.RequestId, request.SubjectId, request.TenantId, request.At)
        {
            OneMayStillArrive = oneMayStillArrive,
        };
        if (request.TenantId is { } tenant)
            order = await EndThreadsAsync(db, tenant, order, cancellationToken);
        return await eraser.EraseAsync(db, order, cancellationToken);
    }

    private async Task<ErasureOrder> EndThreadsAsync(
        GatewayDbContext db,
        TenantId tenant,
        ErasureOrder order,
        CancellationToken cancellationToken
    )
    {
        var connection = db.Connection();
        var threads = await connection.ReadAsync(
            "select id, mode, opted_out, version from thread where subject = $1 order by id for update",
            [order.Subject.Value],
            row => new Ended(new(row.GetGuid(0)), Enum.Parse<ThreadMode>(row.GetString(1)), row.GetBoolean(2), row.GetInt64(3)),
            cancellationToken
        );
        var finish = new FinishSend(connection, tenant, metrics, clock);
        foreach (var thread in threads)
        {
            foreach (var send in await SendRow.LockOpenAsync(connection, thread.Id, cancellationToken))
            {
                // It was called after the calls had been waited for.
                if (send.State is SendState.Sending)
                    order = order with { OneMayStillArrive = true };
                await finish.DropAsync(send, DropReason.Erased, cancellationToken);
            }
        }
        var now = clock.GetUtcNow();
        await connection.PublishAsync(threads.Select(thread => thread.Tell(tenant, order.Subject, now)), clock, cancellationToken);
        return threads.Count == 0
            ? order
            : order with
            {
                ContentGoneAt = new ContentEpoch(await WindowAsync(connection, tenant, cancellationToken), now).EndsAt,
            };
    }

    // What arrived in this hour is the newest that can have been sealed.
    private static async Task<WindowClass> WindowAsync(NpgsqlConnection connection, TenantId tenant, CancellationToken cancellationToken)
    {
        var windows = await connection.ReadAsync(
            "select window_class from tenant_route where tenant_id = $1",
            [tenant.Value],
            row => (WindowClass)row.GetInt32(0),
            cancellationToken
        );
        return windows is [var window] ? window : WindowClass.Hours72;
    }

    /// <summary>A call under way ends on its own; it is waited for, at most the limit of a call. True: one may still arrive.</summary>
    public async Task<bool> WaitForCallsAsync(GatewayDbContext db, ErasureRequested request, CancellationToken cancellationToken)
    {
        if (request.TenantId is not { } tenant)
            return false;
        var subject = request.SubjectId;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(graph.Timeout);
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await AnyAsync(db, tenant, subject, SendState.Sending, limit.Token))
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        return await AnyAsync(db, tenant, subject, SendState.Unknown, cancellationToken);
    }

    private static Task<bool> AnyAsync(
        GatewayDbContext db,
        TenantId tenant,
        DataSubjectId subject,
        SendState state,
        CancellationToken cancellationToken
    ) =>
        db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var open = await inner
                    .Connection()
                    .ReadAsync(
                        """
                        select 1 from thread t join send s on s.thread_id = t.id
                        where t.subject = $1 and s.state = $2 and s.state in ('Queued', 'Sending', 'Unknown') limit 1
                        """,
                        [subject.Value, state.ToString()],
                        _ => true,
                        token
                    );
                return open.Count > 0;
            },
            cancellationToken
        );

    private sealed record Ended(ThreadId Id, ThreadMode Mode, bool OptedOut, long Version)
    {
        public ThreadChanged Tell(TenantId tenant, DataSubjectId subject, DateTimeOffset at) =>
            new()
            {
                TenantId = tenant,
                ThreadId = Id,
                SubjectId = subject,
                Version = Version + 1,
                Mode = Mode,
                OptedOut = OptedOut,
                Erased = true,
                At = at,
            };
    }
}
