using Npgsql;
using WpAsis.Privacy.Retention;

namespace WpAsis.Billing.Tests;

/// <summary>What is true of the whole database at any moment, as SQL: each query finds the rows that break it.</summary>
internal static class Invariants
{
    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["I4 used = settled, reserved = open, together within the cap"] = """
            select count(*) from usage_counter c
            left join lateral (
                select coalesce(sum(replies) filter (where state = 'Settled'), 0) as settled,
                       coalesce(sum(replies) filter (where state = 'Reserved'), 0) as open
                from reservation r where r.tenant_id = c.tenant_id and r.period = c.period
            ) r on true
            where c.used <> r.settled or c.reserved <> r.open or c.used + c.reserved > c.cap
            """,
        ["I4 no reservation without its counter"] = """
            select count(*) from reservation r
            where not exists (select from usage_counter c where c.tenant_id = r.tenant_id and c.period = r.period)
            """,
        ["the ledger books every reply that was sent, once"] = """
            select count(*) from reservation r where r.state in ('Settled', 'WrittenOff') and (
                select count(*) from ledger l
                where l.usage_id = r.usage_id and l.tenant_id = r.tenant_id and l.kind = r.state and l.replies = r.replies
            ) <> 1
            """,
        ["the ledger books nothing else"] = """
            select count(*) from usage_counter c where c.period_end > $1 and c.used <> (
                select coalesce(sum(l.replies), 0) from ledger l
                where l.tenant_id = c.tenant_id and l.period = c.period and l.kind = 'Settled'
            )
            """,
        ["every period is in the ledger"] = """
            select count(*) from usage_counter c where c.period_end > $1 and not exists (
                select from ledger l where l.tenant_id = c.tenant_id and l.period = c.period and l.plan is not null
            )
            """,
        ["a customer is told once a day at most"] = """
            select count(*) from (
                select from outbox where type = 'Identity:SendNotice'
                group by convert_from(body, 'UTF8')::json->>'noticeId' having count(*) > 1
            ) doubled
            """,
    };

    public static async Task HoldAsync(BillingApplication app)
    {
        await using var source = NpgsqlDataSource.Create(app.Superuser);
        foreach (var (promise, query) in Queries)
        {
            await using var command = source.CreateCommand(query);
            command.CommandTimeout = 120;
            // Reservations of older periods are forgotten, and later the ledger too.
            if (query.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new() { Value = app.Clock.GetUtcNow() - RetentionTable.Reservations });
            var broken = (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            broken.ShouldBe(0, promise);
        }
    }
}
