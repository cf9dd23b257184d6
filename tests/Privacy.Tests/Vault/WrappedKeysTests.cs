using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Tests.KeyRings;
using SubjectVault = WpAsis.Privacy.Vault.Vault;

namespace WpAsis.Privacy.Tests.Vault;

public sealed class WrappedKeysTests : IClassFixture<VaultDatabase>, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero));
    private readonly TenantId tenant = new(TypedId.RandomGuid());
    private readonly VaultDatabase database;
    private readonly SubjectVault vault;

    public WrappedKeysTests(VaultDatabase database)
    {
        this.database = database;
        vault = new SubjectVault(new FileKeyRing(folder.Path, clock), clock, "people");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Keys_made_for_one_set_wise_insert_open_like_any_other()
    {
        var made = Enumerable.Range(0, 50).Select(_ => vault.NewWrappedKey(DataSubjectId.New())).ToList();
        await InTenantAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                insert into vault.subject_key (subject, tenant_id, state, wrapped, kek_epoch, created_at)
                select s, {tenant.Value}, 'Active', w, e, {clock.GetUtcNow()}
                from unnest({made.Select(key => key.Subject.Value).ToArray()}, {made.Select(key => key.Wrapped).ToArray()},
                            {made.Select(key => key.KekEpoch).ToArray()}) as n(s, w, e)
                """,
                Token
            )
        );

        await InTenantAsync(async db =>
        {
            var keys = await vault.OpenSubjectKeysAsync(db, [.. made.Select(key => key.Subject)], Token);
            foreach (var key in made)
                keys[key.Subject]!.Unseal(PeopleContext.NameColumn, key.Key.Seal(PeopleContext.NameColumn, "Ayşe")).ShouldBe("Ayşe");
        });
    }

    [Fact]
    public async Task An_accounts_key_needs_no_customer()
    {
        var subject = DataSubjectId.New();
        await using var db = database.Open();
        await db.InTenantAsync(null, () => vault.CreateSubjectKeyAsync(db, subject, null, Token));
        await db.InTenantAsync(null, () => vault.OpenSubjectKeyAsync(db, subject, Token));
        await db.InTenantAsync(null, () => vault.EraseSubjectAsync(db, subject, clock.GetUtcNow(), Token));
    }

    private async Task InTenantAsync(Func<PeopleContext, Task> work)
    {
        await using var db = database.Open();
        await db.InTenantAsync(tenant, () => work(db));
    }
}
