using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;

namespace WpAsis.Privacy.Vault;

/// <summary>
/// Makes, opens and erases the keys of persons and customers in a service's own database, inside the caller's transaction
/// (which has named its tenant). Keys are not cached: the state row decides each time, so an erased person is refused at once.
/// </summary>
/// <param name="ring">The service's ring.</param>
/// <param name="clock">The clock.</param>
/// <param name="service">Resource name, for example <c>messaging-gateway</c>.</param>
public sealed partial class Vault(FileKeyRing ring, TimeProvider clock, string service)
{
    /// <summary>Makes a person's key.</summary>
    /// <param name="db">The caller's context, in a transaction.</param>
    /// <param name="subject">The person.</param>
    /// <param name="tenant">The controller; absent for an account as such.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SubjectErasedException">The person was erased before.</exception>
    /// <exception cref="InvalidOperationException">The person has a key already.</exception>
    public async Task<DataKey> CreateSubjectKeyAsync(
        DbContext db,
        DataSubjectId subject,
        TenantId? tenant,
        CancellationToken cancellationToken
    )
    {
        RequireTransaction(db);
        var key = NewWrappedKey(subject);
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            insert into vault.subject_key (subject, tenant_id, state, wrapped, kek_epoch, created_at)
            select {subject.Value}, {tenant?.Value}::uuid, 'Active', {key.Wrapped}, {key.KekEpoch}, {clock.GetUtcNow()}
            where not exists (select from vault.tombstone where subject = {subject.Value})
            on conflict (subject) do nothing
            """,
            cancellationToken
        );
        if (inserted == 1)
            return key.Key;
        if (await IsErasedAsync(db, subject, cancellationToken))
            throw new SubjectErasedException(subject);
        throw new InvalidOperationException($"{subject} has a key already.");
    }

    /// <summary>A person's key.</summary>
    /// <exception cref="SubjectErasedException">The person was erased.</exception>
    /// <exception cref="InvalidOperationException">No such person here: absence is an error, never a reason to make a key.</exception>
    public async Task<DataKey> OpenSubjectKeyAsync(DbContext db, DataSubjectId subject, CancellationToken cancellationToken) =>
        await TryOpenSubjectKeyAsync(db, subject, cancellationToken) ?? throw new SubjectErasedException(subject);

    /// <summary>A person's key, or none when the person was erased.</summary>
    /// <exception cref="InvalidOperationException">There is no such person here.</exception>
    public async Task<DataKey?> TryOpenSubjectKeyAsync(DbContext db, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var keys = await OpenSubjectKeysAsync(db, [subject], cancellationToken);
        return keys[subject];
    }

    /// <summary>The keys of many persons by one statement; none for those who were erased.</summary>
    /// <exception cref="InvalidOperationException">One of them is unknown here.</exception>
    public async Task<IReadOnlyDictionary<DataSubjectId, DataKey?>> OpenSubjectKeysAsync(
        DbContext db,
        IReadOnlyCollection<DataSubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        var ids = subjects.Select(subject => subject.Value).Distinct().ToArray();
        var rows = await ReadSubjectsAsync(db, ids, cancellationToken);
        if (rows.Count != ids.Length)
            throw new InvalidOperationException($"{ids.Length - rows.Count} of {ids.Length} persons have no key in this vault.");
        return rows.ToDictionary(row => new DataSubjectId(row.Id), row => Unwrap(SealedFor.Subject, row));
    }

    /// <summary>A person's key where this service has one that still opens; none for a stranger and for one who was erased.</summary>
    public async Task<DataKey?> FindSubjectKeyAsync(DbContext db, DataSubjectId subject, CancellationToken cancellationToken) =>
        await ReadSubjectsAsync(db, [subject.Value], cancellationToken) is [var row] ? Unwrap(SealedFor.Subject, row) : null;

#pragma warning disable CA1822 // The vault is one thing to its callers, whichever of its members needs a key.
    /// <summary>Whether the person was erased; false for one who is unknown here.</summary>
    public async Task<bool> IsErasedAsync(DbContext db, DataSubjectId subject, CancellationToken cancellationToken)
    {
        var found = await db
            .Database.SqlQuery<bool>(
                $"""
                select exists (select from vault.subject_key where subject = {subject.Value} and state <> 'Active')
                    or exists (select from vault.tombstone where subject = {subject.Value}) as "Value"
                """
            )
            .ToListAsync(cancellationToken);
        return found[0];
    }
#pragma warning restore CA1822

    /// <summary>A new key for a set-wise insert into <c>vault.subject_key</c>, where many contacts come at once.</summary>
    public WrappedKey NewWrappedKey(DataSubjectId subject)
    {
        var (wrapped, epoch, key) = NewKey(SealedFor.Subject, subject.Value);
        return new WrappedKey(subject, wrapped, epoch, key);
    }

    /// <summary>Opens a key that a set-wise statement has read. The caller has seen that its state is Active.</summary>
    public DataKey Unwrap(DataSubjectId subject, byte[] wrapped, int kekEpoch) =>
        ring.Unwrap(service, SealedFor.Subject, subject.Value, wrapped, kekEpoch);

    // The tombstone counts too: a key row out of an old backup must not open before the restore has replayed erasures.
    private static Task<List<KeyRow>> ReadSubjectsAsync(DbContext db, Guid[] ids, CancellationToken cancellationToken) =>
        db
            .Database.SqlQuery<KeyRow>(
                $"""
                select k.subject as "Id", k.wrapped as "Wrapped", k.kek_epoch as "KekEpoch",
                       k.state <> 'Active' or exists (select from vault.tombstone t where t.subject = k.subject) as "Erased"
                from vault.subject_key k where k.subject = any ({ids})
                """
            )
            .ToListAsync(cancellationToken);

    private (byte[] Wrapped, int KekEpoch, DataKey Key) NewKey(SealedFor owner, Guid id)
    {
        var key = RandomNumberGenerator.GetBytes(KeyEncryptionKey.KeyBytes);
        var kek = ring.CurrentKek();
        return (kek.Wrap(key, KeyOwner.Bytes(service, owner, id)), kek.Epoch, new DataKey(owner, id, key));
    }

    private DataKey? Unwrap(SealedFor owner, KeyRow row)
    {
        if (row.Erased)
            return null;
        if (row.Wrapped is not { } wrapped)
            throw new CryptographicException("An active key row holds no key.");
        return ring.Unwrap(service, owner, row.Id, wrapped, row.KekEpoch);
    }

    private static void RequireTransaction(DbContext db)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("The vault works inside the caller's transaction.");
    }

    private sealed record KeyRow(Guid Id, byte[]? Wrapped, int KekEpoch, bool Erased);
}
