using Microsoft.EntityFrameworkCore;

namespace WpAsis.Privacy.Subjects;

/// <summary>
/// An erasure and the taking in of messages do not overlap: a batch is written before the erasure, which then deletes it, or after it,
/// and then it sees the tombstone. Batches pass the gate together; an erasure passes alone, for the length of its transaction.
/// </summary>
public static class ErasureGate
{
    private const long Key = 0x5741_4552;

    /// <summary>The statement that a batch begins with, in its transaction.</summary>
    public static string Enter { get; } = $"select pg_advisory_xact_lock_shared({Key})";

    /// <summary>Waits until no batch is under way, and keeps others out until the transaction ends.</summary>
    public static Task CloseAsync(DbContext db, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Key})", cancellationToken);
}
