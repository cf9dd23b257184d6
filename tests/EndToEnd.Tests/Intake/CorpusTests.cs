using System.Net;
using System.Text.Json.Nodes;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Intake;

/// <summary>What Meta really sends, from the webhook to the answer.</summary>
public sealed class CorpusTests(RunningSystem system, CorpusTests.Owner owner) : IClassFixture<CorpusTests.Owner>
{
    private const string Service = "messaging-gateway";
    private readonly Meta _meta = new(system);

    [Theory]
    [InlineData("pywa", false)]
    [InlineData("pywa", true)]
    [InlineData("meta-openapi", false)]
    [InlineData("meta-openapi", true)]
    public async Task Every_event_is_seen_once_and_every_answerable_message_is_part_of_one_answer(string name, bool together)
    {
        var corpus = Corpus.Read(name);
        var business = await owner.OfAsync(system, corpus);
        var bodies = corpus.Bodies(together, $"{(together ? "one" : "each")}");
        var before = await StandAsync(business);

        foreach (var body in bodies)
            (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);

        await RunningSystem.UntilAsync(
            "all events",
            async () => (await StandAsync(business)).Minus(before).Covers(corpus) && await IsAnsweredAsync(business)
        );
        var seen = (await StandAsync(business)).Minus(before);
        seen.Messages.ShouldBe(corpus.Count("distinct_messages"));
        seen.Echoes.ShouldBe(corpus.Count("echoes"));
        seen.Statuses.ShouldBe(corpus.Count("statuses"));
        seen.Calls.ShouldBe(corpus.Count("calls"));
        seen.Answerable.ShouldBe(Corpus.Messages(bodies).Count(found => Corpus.IsAnswerable(found.Message)));
        await AssertOneReplyEachTurnAsync(business);
    }

    [Theory]
    [InlineData("pywa")]
    [InlineData("meta-openapi")]
    public async Task Messages_of_as_many_contacts_get_exactly_one_reply_each(string name)
    {
        var corpus = Corpus.Read(name);
        var business = await owner.OfAsync(system, corpus);
        var bodies = corpus.Bodies(together: true, "own");
        var asked = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (value, message) in Corpus.Messages(bodies))
        {
            var contact = Meta.NewContact();
            asked.Add(contact, Corpus.IsAnswerable(message));
            message["from"] = contact;
            message.Remove("from_user_id");
            message.Remove("from_parent_user_id");
            value["contacts"] = new JsonArray(new JsonObject { ["wa_id"] = contact });
        }

        foreach (var body in bodies)
            (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);

        var expected = asked.Where(contact => contact.Value).Select(contact => contact.Key).Order(StringComparer.Ordinal).ToList();
        await RunningSystem.UntilAsync("a reply to everybody", async () => (await AnsweredAsync(asked)).Count >= expected.Count);
        await system.Demo.PassMarkerAsync(Meta.NewContact());
        (await AnsweredAsync(asked)).ShouldBe(expected);
        await AssertOneReplyEachTurnAsync(business);
    }

    private async Task<List<string>> AnsweredAsync(Dictionary<string, bool> asked) =>
        [.. (await system.Sent.ReadAsync()).Select(message => message.To ?? "").Where(asked.ContainsKey).Order(StringComparer.Ordinal)];

    private async Task<Stand> StandAsync(Business business)
    {
        await using var gateway = system.OpenDatabase(Service);
        await using var responder = system.OpenDatabase("ai-responder");
        return new(
            await CountAsync(gateway, "message_log where direction = 'Inbound' and tenant_id = $1", business),
            await CountAsync(gateway, "message_log where direction = 'Outbound' and reply_id is null and tenant_id = $1", business),
            Events("unmatched-status") + Events("unknown-status"),
            Events("call"),
            await CountAsync(responder, "turn_message where tenant_id = $1", business)
        );
    }

    // Everything that stands in a line is covered by a reply, and the number has sent as many.
    private async Task<bool> IsAnsweredAsync(Business business)
    {
        await using var responder = system.OpenDatabase("ai-responder");
        var open = await CountAsync(responder, $"turn_message m where tenant_id = $1 and not exists ({CoveredBy})", business);
        return open == 0 && await CountAsync(responder, "reply where tenant_id = $1 and state = 'Generated'", business) == 0;
    }

    private async Task AssertOneReplyEachTurnAsync(Business business)
    {
        await using var responder = system.OpenDatabase("ai-responder");
        (
            await CountAsync(responder, $"turn_message m where tenant_id = $1 and (select count(*) from ({CoveredBy}) c) <> 1", business)
        ).ShouldBe(0, "a message belongs to no turn or to two");
        var replies = await CountAsync(responder, "reply where tenant_id = $1", business);
        (await CountAsync(responder, "reply where tenant_id = $1 and state = 'Accepted'", business)).ShouldBe(replies);
        (await system.Sent.ReadAsync()).Count(message => owner.Numbers.Contains(message.PhoneNumberId)).ShouldBe((int)replies);
    }

    private const string CoveredBy = "select 1 from reply r where r.thread_id = m.thread_id and m.seq between r.from_seq and r.to_seq";

    private long Events(string kind) => (long)system.Telemetry.Sum(Service, "wpasis.intake.events", "kind", kind);

    private static async Task<long> CountAsync(Npgsql.NpgsqlDataSource database, string what, Business business) =>
        (await database.ReadAsync<long>($"select count(*) from {what}", business.Tenant)).Single();

    private sealed record Stand(long Messages, long Echoes, long Statuses, long Calls, long Answerable)
    {
        public Stand Minus(Stand other) =>
            new(
                Messages - other.Messages,
                Echoes - other.Echoes,
                Statuses - other.Statuses,
                Calls - other.Calls,
                Answerable - other.Answerable
            );

        public bool Covers(Corpus corpus) =>
            Messages >= corpus.Count("distinct_messages")
            && Echoes >= corpus.Count("echoes")
            && Statuses >= corpus.Count("statuses")
            && Calls >= corpus.Count("calls");
    }

    /// <summary>The customer whom all numbers of the corpora belong to.</summary>
    public sealed class Owner
    {
        private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);
        private Business? _business;

        public IReadOnlySet<string> Numbers => _numbers;

        internal async Task<Business> OfAsync(RunningSystem system, Corpus corpus)
        {
            _business ??= await system.OpenBusinessAsync();
            _numbers.Add(_business.PhoneNumberId);
            foreach (var number in corpus.Numbers.Where(_numbers.Add))
            {
                var wabaId = "7" + number;
                var accessToken = await system.MakeNumberAsync(number, wabaId);
                await _business.CallAsync(
                    HttpMethod.Post,
                    Service,
                    "/channels",
                    new
                    {
                        phoneNumberId = number,
                        wabaId,
                        accessToken,
                    }
                );
            }
            return _business;
        }
    }
}
