using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Tests.KeyRings;
using WpAsis.Privacy.Vault;
using SubjectVault = WpAsis.Privacy.Vault.Vault;

namespace WpAsis.Privacy.Tests.Vault;

public sealed class VaultTests : IClassFixture<VaultDatabase>, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new(new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero));
    private readonly TenantId tenant = new(TypedId.RandomGuid());
    private readonly DataSubjectId subject = DataSubjectId.New();
    private readonly VaultDatabase database;
    private readonly SubjectVault vault;

    public VaultTests(VaultDatabase database)
    {
        this.database = database;
        vault = NewVault();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_sealed_for_a_person_is_read_back_opaque_and_unseals_after_a_restart()
    {
        await SavePersonAsync("Ayşe Yılmaz");

        await using var db = database.Open();
        await db.InTenantAsync(
            tenant,
            async () =>
            {
                var person = await db.Set<Person>().SingleAsync(row => row.Subject == subject, Token);
                var key = await NewVault().OpenSubjectKeyAsync(db, subject, Token);

                person.Name.ToString().ShouldBe("sealed");
                person.Name.Subject.ShouldBe(subject);
                key.Unseal(PeopleContext.NameColumn, person.Name).ShouldBe("Ayşe Yılmaz");
            }
        );
    }

    [Fact]
    public async Task An_erased_person_is_refused_at_once_and_never_gets_a_key_again()
    {
        await SavePersonAsync("Ayşe");

        await InTenantAsync(async db =>
        {
            await vault.EraseSubjectAsync(db, subject, clock.GetUtcNow(), Token);
            (await vault.IsErasedAsync(db, subject, Token)).ShouldBeTrue("inside the same transaction");
            (await vault.TryOpenSubjectKeyAsync(db, subject, Token)).ShouldBeNull();
        });

        await InTenantAsync(async db =>
        {
            await Should.ThrowAsync<SubjectErasedException>(() => vault.OpenSubjectKeyAsync(db, subject, Token));
            await Should.ThrowAsync<SubjectErasedException>(() => vault.CreateSubjectKeyAsync(db, subject, tenant, Token));
            var row = await db.Set<SubjectKey>().SingleAsync(key => key.Subject == subject, Token);
            row.State.ShouldBe(KeyState.Erased);
            row.Wrapped.ShouldBeNull();
            (await db.Set<Tombstone>().AnyAsync(stone => stone.Subject == subject, Token)).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task Erasing_a_person_twice_changes_nothing()
    {
        await SavePersonAsync("Ayşe");
        var first = clock.GetUtcNow();

        await InTenantAsync(db => vault.EraseSubjectAsync(db, subject, first, Token));
        await InTenantAsync(db => vault.EraseSubjectAsync(db, subject, first.AddDays(1), Token));

        await InTenantAsync(async db =>
        {
            (await db.Set<SubjectKey>().SingleAsync(key => key.Subject == subject, Token)).ErasedAt.ShouldBe(first);
            (await db.Set<Tombstone>().SingleAsync(stone => stone.Subject == subject, Token)).ErasedAt.ShouldBe(first);
        });
    }

    [Fact]
    public async Task A_person_unknown_here_is_an_error_until_erased_and_then_never_gets_a_key()
    {
        await InTenantAsync(async db =>
        {
            await Should.ThrowAsync<InvalidOperationException>(() => vault.OpenSubjectKeyAsync(db, subject, Token));
            await Should.ThrowAsync<InvalidOperationException>(() => vault.TryOpenSubjectKeyAsync(db, subject, Token));
            (await vault.IsErasedAsync(db, subject, Token)).ShouldBeFalse();
        });

        await InTenantAsync(db => vault.EraseSubjectAsync(db, subject, clock.GetUtcNow(), Token));

        await InTenantAsync(db => Should.ThrowAsync<SubjectErasedException>(() => vault.CreateSubjectKeyAsync(db, subject, tenant, Token)));
    }

    [Fact]
    public async Task A_key_row_out_of_an_old_backup_does_not_open_where_a_tombstone_stands()
    {
        await SavePersonAsync("Ayşe");
        await InTenantAsync(db =>
            db.Database.ExecuteSqlAsync($"insert into vault.tombstone values ({subject.Value}, {tenant.Value}, {clock.GetUtcNow()})", Token)
        );

        await InTenantAsync(db => Should.ThrowAsync<SubjectErasedException>(() => vault.OpenSubjectKeyAsync(db, subject, Token)));
    }

    [Fact]
    public async Task A_tombstone_alone_keeps_a_key_from_being_made()
    {
        await InTenantAsync(db =>
            db.Database.ExecuteSqlAsync($"insert into vault.tombstone values ({subject.Value}, {tenant.Value}, {clock.GetUtcNow()})", Token)
        );

        await InTenantAsync(db => Should.ThrowAsync<SubjectErasedException>(() => vault.CreateSubjectKeyAsync(db, subject, tenant, Token)));
    }

    [Fact]
    public async Task Many_keys_open_by_one_statement_and_the_erased_among_them_are_empty()
    {
        var other = DataSubjectId.New();
        await SavePersonAsync("Ayşe");
        await InTenantAsync(async db =>
        {
            await vault.CreateSubjectKeyAsync(db, other, tenant, Token);
            await vault.EraseSubjectAsync(db, other, clock.GetUtcNow(), Token);
        });

        await InTenantAsync(async db =>
        {
            var keys = await vault.OpenSubjectKeysAsync(db, [subject, other, subject], Token);

            keys.Count.ShouldBe(2);
            keys[subject].ShouldNotBeNull();
            keys[other].ShouldBeNull();
            await Should.ThrowAsync<InvalidOperationException>(() => vault.OpenSubjectKeysAsync(db, [subject, DataSubjectId.New()], Token));
        });
    }

    [Fact]
    public async Task A_person_has_one_key_and_it_is_made_inside_a_transaction()
    {
        await SavePersonAsync("Ayşe");

        await InTenantAsync(db =>
            Should.ThrowAsync<InvalidOperationException>(() => vault.CreateSubjectKeyAsync(db, subject, tenant, Token))
        );
        await using var outside = database.Open();
        await Should.ThrowAsync<InvalidOperationException>(() => vault.CreateSubjectKeyAsync(outside, DataSubjectId.New(), tenant, Token));
        await Should.ThrowAsync<InvalidOperationException>(() => vault.EraseSubjectAsync(outside, subject, clock.GetUtcNow(), Token));
    }

    [Fact]
    public async Task Aliases_of_an_erased_person_become_alias_tombstones_and_may_lead_to_a_new_person()
    {
        var comeback = DataSubjectId.New();
        byte[] hmac = [.. Enumerable.Repeat((byte)7, 32)];
        await SavePersonAsync("Ayşe");
        await InTenantAsync(db => AddAliasAsync(db, subject, hmac));
        await InTenantAsync(db => vault.EraseSubjectAsync(db, subject, clock.GetUtcNow(), Token));

        clock.Advance(TimeSpan.FromDays(1));
        await InTenantAsync(async db =>
        {
            (await db.Set<Alias>().AnyAsync(alias => alias.TenantId == tenant, Token)).ShouldBeFalse();
            await vault.CreateSubjectKeyAsync(db, comeback, tenant, Token);
            await AddAliasAsync(db, comeback, hmac);
            await vault.EraseSubjectAsync(db, comeback, clock.GetUtcNow(), Token);
        });

        await InTenantAsync(async db =>
        {
            var stone = await db.Set<AliasTombstone>().SingleAsync(stone => stone.TenantId == tenant, Token);
            stone.Hmac.ShouldBe(vault.TombstoneOf(hmac));
            stone.Hmac.ShouldNotBe(hmac);
            stone.Kind.ShouldBe(AliasKind.WaId);
            stone.ErasedAt.ShouldBe(clock.GetUtcNow());
        });
    }

    [Fact]
    public async Task Another_customers_person_is_neither_opened_nor_silently_left_unerased()
    {
        await SavePersonAsync("Ayşe");

        await using var db = database.Open();
        var other = new TenantId(TypedId.RandomGuid());
        await db.InTenantAsync(
            other,
            () => Should.ThrowAsync<InvalidOperationException>(() => vault.OpenSubjectKeyAsync(db, subject, Token))
        );
        await db.InTenantAsync(
            other,
            () => Should.ThrowAsync<InvalidOperationException>(() => vault.EraseSubjectAsync(db, subject, clock.GetUtcNow(), Token))
        );

        await InTenantAsync(db => vault.OpenSubjectKeyAsync(db, subject, Token));
    }

    private async Task SavePersonAsync(string name) =>
        await InTenantAsync(async db =>
        {
            var key = await vault.CreateSubjectKeyAsync(db, subject, tenant, Token);
            db.Add(
                new Person
                {
                    Id = TypedId.RandomGuid(),
                    Subject = subject,
                    Name = key.Seal(PeopleContext.NameColumn, name),
                }
            );
            await db.SaveChangesAsync(Token);
        });

    private async Task AddAliasAsync(PeopleContext db, DataSubjectId person, byte[] hmac)
    {
        db.Add(
            new Alias
            {
                TenantId = tenant,
                Kind = AliasKind.WaId,
                Hmac = hmac,
                Subject = person,
            }
        );
        await db.SaveChangesAsync(Token);
    }

    private async Task InTenantAsync(Func<PeopleContext, Task> work)
    {
        await using var db = database.Open();
        await db.InTenantAsync(tenant, () => work(db));
    }

    private SubjectVault NewVault() => new(new FileKeyRing(folder.Sub("ring"), clock), clock, "people");
}
