using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using WpAsis.EndToEnd.Tests.Intake;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Threads;

/// <summary>Two replicas of everything, answers that wait behind each other, and a broker that goes away in between.</summary>
public sealed partial class OrderTests
{
    private const int FirstPort = 27_100;
    private const int Contacts = 12;
    private const int BeforeOutage = 6;
    private const int InOutage = 3;
    private const int Questions = 14;

    // A call takes longer than a turn, so that answers wait in the gateway.
    private const int CallMilliseconds = 7_500;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly List<string> _contacts = [.. Enumerable.Range(0, Contacts).Select(_ => Meta.NewContact())];

    [LongFact("order")]
    public async Task Answers_of_a_thread_go_out_in_order_with_two_replicas_and_after_an_outage_of_the_broker()
    {
        await using var system = new RunningSystem("order", FirstPort, replicas: 2);
        await system.InitializeAsync();
        // The newest question of a turn decides: it is looked for first.
        for (var question = Questions; question > 0; question--)
            await system.ControlAsync("openai/script", new { match = Asked(question), answer = Answered(question) });
        await system.ControlAsync(
            "faults",
            new
            {
                target = "graph",
                kind = "slow",
                delayMs = CallMilliseconds,
                rate = 1.0,
            }
        );

        for (var question = 1; question <= BeforeOutage; question++)
            await AskAsync(system, question);
        var waiting = await CountWaitingAsync(system);
        waiting.ShouldBeGreaterThan(0, "no answer waits behind another");

        // Some turns are being collected, some answered and some just told when the broker goes.
        await StaggerAsync(system, BeforeOutage + 1);
        await system.System.Servers.StopRabbitAsync(StopLimit);
        var began = TimeProvider.System.GetTimestamp();
        for (var question = BeforeOutage + 2; question <= BeforeOutage + InOutage; question++)
            await WriteAsync(system, question);
        await RunningSystem.UntilAsync("the outage", () => Task.FromResult(TimeProvider.System.GetElapsedTime(began) > Outage));
        await system.System.Servers.StartRabbitAsync(TestContext.Current.CancellationToken);
        await system.Bus.ConnectAsync();

        for (var question = BeforeOutage + InOutage + 1; question <= Questions; question++)
            await AskAsync(system, question);
        await RunningSystem.UntilAsync(
            "the last answers",
            async () => (await ReadAsync(system)).Values.Count(answers => answers.Contains(Questions)) == Contacts,
            TimeSpan.FromMinutes(10)
        );

        var all = await ReadAsync(system);
        foreach (var (contact, answers) in all)
            answers.ShouldBe(answers.Order().Distinct(), $"{contact}: {string.Join(", ", answers)}");
        var orders = all.Values.Select(answers => string.Join(',', answers)).Distinct(StringComparer.Ordinal);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Contacts} threads, {Questions} questions each, 2 replicas, broker away {Outage.TotalSeconds} s while {waiting} answers "
                + $"waited: {all.Values.Sum(answers => answers.Count)} answers, all in order: {string.Join(" | ", orders)}"
        );
    }

    // The next question comes when the answer is made, not when it is sent.
    private async Task AskAsync(RunningSystem system, int question)
    {
        await WriteAsync(system, question);
        await using var responder = system.OpenDatabase("ai-responder");
        await RunningSystem.UntilAsync(
            Answered(question),
            async () =>
                (await responder.ReadAsync<int>("select coalesce(sum(answered_seq), 0)::int from turn_clock")).Single()
                == Contacts * question,
            TimeSpan.FromMinutes(5)
        );
    }

    private async Task StaggerAsync(RunningSystem system, int question)
    {
        using var timer = new PeriodicTimer(Step);
        foreach (var contact in _contacts)
        {
            await WriteAsync(system, contact, question);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private Task<JsonElement[]> WriteAsync(RunningSystem system, int question) =>
        Task.WhenAll(_contacts.Select(contact => WriteAsync(system, contact, question)));

    private static Task<JsonElement> WriteAsync(RunningSystem system, string contact, int question) =>
        system.Demo.WriteAsync(contact, Asked(question) + ", please?");

    private static async Task<int> CountWaitingAsync(RunningSystem system)
    {
        await using var gateway = system.OpenDatabase("messaging-gateway");
        return (await gateway.ReadAsync<int>("select count(*)::int from send where state = 'Queued'")).Single();
    }

    /// <summary>The numbers of the answers that each contact got, as they came.</summary>
    private async Task<Dictionary<string, List<int>>> ReadAsync(RunningSystem system)
    {
        var sent = await system.Sent.ReadAsync();
        return _contacts.ToDictionary(
            contact => contact,
            contact =>
                sent.Where(message => message.To == contact)
                    .Select(message => Number().Match(message.Text))
                    .Where(number => number.Success)
                    .Select(number => int.Parse(number.ValueSpan, CultureInfo.InvariantCulture))
                    .ToList(),
            StringComparer.Ordinal
        );
    }

    private static string Asked(int question) => string.Create(CultureInfo.InvariantCulture, $"question {question:D2}");

    private static string Answered(int question) => string.Create(CultureInfo.InvariantCulture, $"This is answer {question:D2}.");

    [GeneratedRegex("(?<=answer )[0-9]{2}", RegexOptions.None, 1_000)]
    private static partial Regex Number();
}
