using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Threads;

/// <summary>Gives a thread to a person or back to the assistant, in the caller's transaction. A second time changes nothing.</summary>
internal static class SetMode
{
    /// <summary>Changes the mode under the thread's row lock; answers with its version, null when there is no such thread.</summary>
    public static async Task<long?> RunAsync(
        NpgsqlConnection connection,
        TenantId tenant,
        ThreadId thread,
        ThreadMode mode,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.ReadAsync(
            "select mode, opted_out, version, subject from thread where id = $1 and not erased for update",
            [thread.Value],
            row => (Mode: Enum.Parse<ThreadMode>(row.GetString(0)), OptedOut: row.GetBoolean(1), Version: row.GetInt64(2), row.GetGuid(3)),
            cancellationToken
        );
        if (rows is not [var (before, optedOut, version, subject)])
            return null;
        if (before == mode)
            return version;
        var now = clock.GetUtcNow();
        await connection.RunAsync(
            "update thread set mode = $2, version = version + 1, taken_over_at = $3 where id = $1",
            [thread.Value, mode.ToString(), mode is ThreadMode.Human ? now : null],
            cancellationToken
        );
        var changed = new ThreadChanged
        {
            TenantId = tenant,
            ThreadId = thread,
            SubjectId = new(subject),
            Version = version + 1,
            Mode = mode,
            OptedOut = optedOut,
            Erased = false,
            At = now,
        };
        await connection.PublishAsync([changed], clock, cancellationToken);
        return version + 1;
    }
}
