using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Billing.Usage;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers.Tiers;

namespace WpAsis.Billing.Tests.Usage;

/// <summary>
/// Sixteen workers on two replicas ask for one customer's replies, several times for each id, in random order, with settlements, releases,
/// repeats and words about ids that nobody reserved between. Only the broker is left out: everything else is the service.
/// </summary>
public sealed class ManyAtOnceTests(BillingApplication app)
{
    private const int Full = 1;
    private const int Fiftieth = 50;
    private const int Workers = 16;
    private const int AttemptsPerId = 6;

    [Fact]
    public Task A_hundred_replies_and_not_one_more_however_many_ask_at_once() => RunAsync(Fiftieth);

    [LongFact("billing")]
    public Task Five_thousand_replies_and_not_one_more_of_48_000_attempts_over_8_000_ids() => RunAsync(Full);

    [Fact]
    public async Task Whatever_order_the_words_come_in_the_books_are_right()
    {
        var customer = await CustomerWithCapAsync(100);
        var random = new Shuffle(20_261_124);
        var ids = Enumerable.Range(0, 200).Select(_ => TypedId.New<UsageId>(app.Clock)).ToList();
        // Reserve, settle and release for each id, each twice, in any order: releases come late, settlements before their command.
        var words = random.Of(ids.SelectMany(id => Enumerable.Range(0, 6).Select(word => (Id: id, Word: word % 3))));

        await ForEachAsync(
            words,
            (word, replica) =>
                word.Word switch
                {
                    0 => ReserveAsync(customer, word.Id, replica),
                    1 => SettleAsync(customer, word.Id, replica),
                    _ => ReleaseAsync(customer, word.Id, replica),
                }
        );

        await Invariants.HoldAsync(app);
        var (used, reserved) = await customer.CountsAsync();
        reserved.ShouldBe(0);
        used.ShouldBeInRange(1, 100);
    }

    private async Task RunAsync(int part)
    {
        var (cap, count) = (5_000 / part, 8_000 / part);
        var customer = await CustomerWithCapAsync(cap);
        var random = new Shuffle(8_000);
        var ids = Enumerable.Range(0, count).Select(_ => TypedId.New<UsageId>(app.Clock)).ToList();
        var attempts = random.Of(ids.SelectMany(id => Enumerable.Repeat(id, AttemptsPerId)));
        attempts.Count.ShouldBe(48_000 / part);

        // Every attempt reserves and then settles, as if the answer had been yes: only a reservation that stands may count.
        await ForEachAsync(
            attempts,
            async (id, replica) =>
            {
                await ReserveAsync(customer, id, replica);
                await SettleAsync(customer, id, replica);
            }
        );

        await Invariants.HoldAsync(app);
        (await customer.CountsAsync()).ShouldBe((cap, 0));
        (await CountAsync(customer, ReservationState.Settled)).ShouldBe(cap);
        (await CountAsync(customer, ReservationState.Denied)).ShouldBe(count - cap);
        (await app.ScalarAsync<long>("select count(*) from ledger where kind = 'Settled' and tenant_id = $1", customer.Id.Value)).ShouldBe(
            cap
        );
    }

    private async Task<Customer> CustomerWithCapAsync(int cap)
    {
        var customer = await Customer.OnProAsync(app);
        await BillingApplication.ExecuteAsync(
            app.Superuser,
            $"update usage_counter set cap = {cap} where tenant_id = '{customer.Id.Value}' and period = 2"
        );
        return customer;
    }

    private async Task ForEachAsync<T>(IReadOnlyList<T> items, Func<T, int, Task> act)
    {
        var queue = new ConcurrentQueue<T>(items);
        await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(worker =>
                    Task.Run(
                        async () =>
                        {
                            while (queue.TryDequeue(out var item))
                                await act(item, worker % app.Replicas.Count);
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );
    }

    private async Task ReserveAsync(Customer customer, UsageId usage, int replica)
    {
        await using var scope = app.Replicas[replica].CreateAsyncScope();
        var command = customer.Ask(usage: usage);
        await scope
            .ServiceProvider.GetRequiredService<ReserveUsageConsumer>()
            .HandleAsync(TypedId.RandomGuid(), command, TestContext.Current.CancellationToken);
    }

    private async Task SettleAsync(Customer customer, UsageId usage, int replica)
    {
        await using var scope = app.Replicas[replica].CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<SettleUsageConsumer>()
            .HandleAsync(TypedId.RandomGuid(), customer.Id, usage, TestContext.Current.CancellationToken);
    }

    private async Task ReleaseAsync(Customer customer, UsageId usage, int replica)
    {
        await using var scope = app.Replicas[replica].CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<ReleaseUsageConsumer>()
            .HandleAsync(TypedId.RandomGuid(), customer.Id, usage, TestContext.Current.CancellationToken);
    }

    private Task<long> CountAsync(Customer customer, ReservationState state) =>
        app.ScalarAsync<long>("select count(*) from reservation where tenant_id = $1 and state = $2", customer.Id.Value, state.ToString());

    /// <summary>The same order for the same seed.</summary>
    private sealed class Shuffle(ulong seed)
    {
        private ulong _state = seed;

        public List<T> Of<T>(IEnumerable<T> items)
        {
            var list = items.ToList();
            for (var i = list.Count - 1; i > 0; i--)
            {
                var other = (int)(Next() % (ulong)(i + 1));
                (list[i], list[other]) = (list[other], list[i]);
            }
            return list;
        }

        // xorshift64*
        private ulong Next()
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return _state * 2_685_821_657_736_338_717UL;
        }
    }
}
