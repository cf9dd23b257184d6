using Npgsql;
using NpgsqlTypes;
using WpAsis.Billing.Data;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Stripe;

/// <summary>Stores events once each, whoever brought them, and wakes who applies them.</summary>
internal sealed class StoreStripeEvent(WorkDb<BillingDbContext> work, ApplyStripeEvents apply, TimeProvider clock)
{
    private const int TimeoutSeconds = 5;

    /// <summary>Answers with how many were not known.</summary>
    public async Task<int> StoreAsync(IReadOnlyList<StripeNews> news, CancellationToken cancellationToken)
    {
        if (news.Count == 0)
            return 0;
        var now = clock.GetUtcNow();
        await using var command = work.DataSource.CreateCommand(
            """
            insert into stripe_event (id, type, customer_id, api_version, created_at, received_at, state, attempts, next_at)
            select id, type, customer_id, api_version, created_at, $6, state, 0, $6
            from unnest($1, $2, $3, $4, $5, $7) as news (id, type, customer_id, api_version, created_at, state)
            on conflict do nothing
            """
        );
        command.CommandTimeout = TimeoutSeconds;
        Add(command, NpgsqlDbType.Text, news.Select(item => item.Id).ToArray());
        Add(command, NpgsqlDbType.Text, news.Select(item => item.Type).ToArray());
        Add(command, NpgsqlDbType.Text, news.Select(item => item.Customer).ToArray());
        Add(command, NpgsqlDbType.Text, news.Select(item => item.ApiVersion).ToArray());
        Add(command, NpgsqlDbType.TimestampTz, news.Select(item => item.CreatedAt).ToArray());
        command.Parameters.Add(new() { Value = now });
        Add(command, NpgsqlDbType.Text, news.Select(item => StateOf(item).ToString()).ToArray());
        var stored = await command.ExecuteNonQueryAsync(cancellationToken);
        apply.Wake();
        return stored;
    }

    private static StripeEventState StateOf(StripeNews news) => news.IsRelevant ? StripeEventState.Received : StripeEventState.Ignored;

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
}
