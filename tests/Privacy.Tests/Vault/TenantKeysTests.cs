using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Tests.KeyRings;
using WpAsis.Privacy.Vault;
using SubjectVault = WpAsis.Privacy.Vault.Vault;

namespace WpAsis.Privacy.Tests.Vault;

public sealed class TenantKeysTests : IClassFixture<VaultDatabase>, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TenantId tenant = new(TypedId.RandomGuid());
    private readonly VaultDatabase database;
    private readonly SubjectVault vault;

    public TenantKeysTests(VaultDatabase database)
    {
        this.database = database;
        var clock = new FakeTimeProvider(new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero));
        vault = new SubjectVault(new FileKeyRing(folder.Path, clock), clock, "people");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_many_who_make_a_customers_key_at_once_all_get_the_same()
    {
        var column = new SealedColumn("people", "profile", "text");
        var keys = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    DataKey? key = null;
                    await InTenantAsync(async db => key = await vault.GetOrCreateTenantKeyAsync(db, tenant, Token));
                    return key!;
                })
        );

        var value = keys[0].Seal(column, "Açılış saatleri");

        value.Tenant.ShouldBe(tenant);
        foreach (var key in keys)
            key.Unseal(column, value).ShouldBe("Açılış saatleri");
    }

    [Fact]
    public async Task An_erased_customer_never_gets_a_key_again()
    {
        await InTenantAsync(db => vault.GetOrCreateTenantKeyAsync(db, tenant, Token));
        await InTenantAsync(db => vault.EraseTenantAsync(db, tenant, Token));

        await InTenantAsync(async db =>
        {
            (await vault.TryOpenTenantKeyAsync(db, tenant, Token)).ShouldBeNull();
            await Should.ThrowAsync<TenantErasedException>(() => vault.OpenTenantKeyAsync(db, tenant, Token));
            await Should.ThrowAsync<TenantErasedException>(() => vault.GetOrCreateTenantKeyAsync(db, tenant, Token));
        });
    }

    private async Task InTenantAsync(Func<PeopleContext, Task> work)
    {
        await using var db = database.Open();
        await db.InTenantAsync(tenant, () => work(db));
    }
}
