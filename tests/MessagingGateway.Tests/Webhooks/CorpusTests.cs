using System.Net;
using System.Text.Json;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

/// <summary>Payloads that this project did not write, against counts that it did not make.</summary>
public sealed class CorpusTests(SharedServers servers)
{
    [Theory]
    [InlineData("pywa", false)]
    [InlineData("pywa", true)]
    [InlineData("meta-openapi", false)]
    [InlineData("meta-openapi", true)]
    public async Task Every_event_of_a_corpus_is_seen_alone_and_all_in_one_post(string name, bool together)
    {
        var corpus = Corpus.Read(name);
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var tenant = await gateway.ConnectAsync("100000000000001");
        foreach (var number in corpus.Numbers)
            await gateway.ConnectAsync(tenant with { Id = new(Guid.CreateVersion7(gateway.Clock.GetUtcNow())), PhoneNumberId = number });
        using var events = gateway.Collect("wpasis.intake.events");
        using var quarantined = gateway.Collect("wpasis.intake.quarantined");

        foreach (var body in together ? [corpus.InOne()] : corpus.Bodies)
            await gateway.Sender.SendAsync(body);
        await gateway.SplitAsync();

        quarantined.All.ShouldBeEmpty();
        events["message"].ShouldBe(corpus.Count("distinct_messages"));
        (events["status"] + events["unknown-status"]).ShouldBe(corpus.Count("statuses"));
        events["echo"].ShouldBe(corpus.Count("echoes"));
        events["call"].ShouldBe(corpus.Count("calls"));
        (await gateway.CountAsync("message_log where direction = 'Inbound'")).ShouldBe(corpus.Count("distinct_messages"));
        (await gateway.CountAsync("message_log where direction = 'Outbound'")).ShouldBe(corpus.Count("echoes"));
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Fact]
    public async Task A_number_that_nobody_connected_is_put_aside_and_answered_200()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        using var unknown = gateway.Collect("wpasis.intake.unknown_numbers");

        using var answer = await gateway.Sender.PostAsync(Corpus.Read("pywa").InOne());
        await gateway.SplitAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        unknown[""].ShouldBeGreaterThan(0);
        (await gateway.CountAsync("quarantine where reason = 'unknown-number' and what = 'value'")).ShouldBe(unknown[""]);
        (await gateway.CountAsync("message_log")).ShouldBe(0);
        (await gateway.CountAsync("contact")).ShouldBe(0);
    }

    private sealed class Corpus(List<string> bodies, JsonElement total)
    {
        public List<string> Bodies { get; } = bodies;

        public IEnumerable<string> Numbers => total.GetProperty("phone_number_ids").EnumerateArray().Select(number => number.GetString()!);

        public static Corpus Read(string name)
        {
            var folder = Find();
            Assert.SkipWhen(folder is null, "The corpora are not here: ../shared/corpus beside the repository.");
            var manifest = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(folder!, name + ".manifest.json")));
            var files = Directory.GetFiles(Path.Combine(folder!, name), "*.json").Order(StringComparer.Ordinal);
            return new Corpus([.. files.Select(File.ReadAllText)], manifest.GetProperty("total"));
        }

        public long Count(string what) => total.GetProperty(what).GetInt64();

        public string InOne()
        {
            var entries = Bodies.SelectMany(body =>
                JsonSerializer.Deserialize<JsonElement>(body).GetProperty("entry").EnumerateArray().Select(entry => entry.GetRawText())
            );
            return Sender.Body([.. entries]);
        }

        private static string? Find()
        {
            // Beside the repository, or beside the folder that holds it.
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var corpus = Path.Combine(folder.FullName, "shared", "corpus", "whatsapp");
                if (Directory.Exists(corpus))
                    return corpus;
            }
            return null;
        }
    }
}
