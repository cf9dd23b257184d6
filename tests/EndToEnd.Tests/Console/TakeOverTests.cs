using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>A person takes over in the middle of a turn, at any moment of it.</summary>
public sealed class TakeOverTests(RunningSystem system)
{
    private const int Seed = 20261124;
    private const int AtOnce = 20;

    // Longer than a turn: silence, read mark, model, sending.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, string> _writers = new(StringComparer.Ordinal);
    private TimeSpan _offset;

    [Fact]
    public Task After_the_answer_of_a_take_over_no_call_for_the_contact_is_made_in_4_turns() => RaceAsync(4, "905553");

    [LongFact("console")]
    public async Task After_the_answer_of_a_take_over_no_call_for_the_contact_is_made_in_200_turns()
    {
        var (early, between, late) = await RaceAsync(200, "905554");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"200 take-overs: {early} before any call, {between} between read mark and answer, {late} after the answer; no call after any"
        );
        // A race that always ends the same way is none.
        (early > 0 && between > 0 && late > 0).ShouldBeTrue();
    }

    private async Task<(int Early, int Between, int Late)> RaceAsync(int turns, string numbers)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}");
        _offset = (await system.ReadControlAsync("clock")).GetProperty("offset").Deserialize<TimeSpan>();
        var (early, late) = (0, 0);
        for (var done = 0; done < turns; done += AtOnce)
        {
            var contacts = Enumerable.Range(done, Math.Min(AtOnce, turns - done)).Select(i => $"{numbers}{i:D6}").ToList();
            foreach (var contact in contacts)
                await WriteAsync(contact, "when are you open on Saturday?");
            var threads = await FindThreadsAsync(contacts);
            var taken = await Task.WhenAll(contacts.Select(contact => TakeOverAsync(contact, threads[contact], DelayOf(contact))));

            // Whatever was on its way is behind the marker, which was begun after it.
            await system.Demo.PassMarkerAsync($"{numbers}9{done:D5}");
            var calls = await CallsAsync();
            taken
                .SelectMany(turn =>
                    calls[turn.Contact].Where(call => call.At > turn.At).Select(call => $"{turn.Contact}: {call} after {turn}")
                )
                .ShouldBeEmpty();
            early += taken.Count(turn => !calls[turn.Contact].Any());
            late += taken.Count(turn => calls[turn.Contact].Any(call => call.Kind == Call.Message));

            foreach (var turn in taken)
            {
                await PostAsync($"/threads/{turn.Thread}/release");
                await WriteAsync(turn.Contact, "are you open on Saturday?");
            }
            await RunningSystem.UntilAsync(
                "the assistant answers again",
                async () =>
                {
                    var now = await CallsAsync();
                    return taken.All(turn => now[turn.Contact].Any(call => call.Kind == Call.Message && call.At > turn.At));
                }
            );
        }
        return (early, turns - early - late, late);
    }

    private async Task<Taken> TakeOverAsync(string contact, string thread, TimeSpan delay)
    {
        await PassAsync(delay);
        var mode = await PostAsync($"/threads/{thread}/take-over");
        var taken = new Taken(contact, thread, delay, TimeProvider.System.GetUtcNow() + _offset);
        mode.GetProperty("mayStillArrive").GetBoolean().ShouldBeFalse();
        // What is written to a person in charge is for the person.
        await WriteAsync(contact, "hello, is anybody there?");
        return taken;
    }

    private Task<JsonElement> PostAsync(string path) => system.Demo.CallAsync(HttpMethod.Post, "messaging-gateway", path);

    private async Task WriteAsync(string contact, string text)
    {
        var written = await system.ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = system.Run.Demo.PhoneNumberId,
                from = contact,
                profileName = NameOf(contact),
                text,
            }
        );
        _writers[written.GetProperty("wamid").GetString()!] = contact;
    }

    private async Task<Dictionary<string, string>> FindThreadsAsync(List<string> contacts)
    {
        Dictionary<string, string> threads = [];
        await RunningSystem.UntilAsync(
            "the contacts' threads",
            async () =>
            {
                var page = await system.Demo.CallAsync(HttpMethod.Get, "messaging-gateway", "/threads?limit=100");
                var byName = page.GetProperty("items")
                    .EnumerateArray()
                    .Where(item => item.TryGetProperty("contactName", out _))
                    .ToLookup(
                        item => item.GetProperty("contactName").GetString(),
                        item => item.GetProperty("id").GetString()!,
                        StringComparer.Ordinal
                    );
                threads = contacts
                    .Where(contact => byName[NameOf(contact)].Any())
                    .ToDictionary(contact => contact, contact => byName[NameOf(contact)].First(), StringComparer.Ordinal);
                return threads.Count == contacts.Count;
            }
        );
        return threads;
    }

    private static string NameOf(string contact) => "Race " + contact;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>All that Meta was asked to do for a contact: messages, and read marks with the typing indicator.</summary>
    private async Task<ILookup<string, Call>> CallsAsync()
    {
        var sent = (await system.ReadControlAsync("graph/sent?limit=10000")).GetProperty("items");
        var reads = (await system.ReadControlAsync("graph/reads?limit=10000")).GetProperty("items");
        var messages = sent.EnumerateArray()
            .Select(item => (Contact: item.GetProperty("to").GetString() ?? "", Call: new Call(Call.Message, At(item))));
        var marks = reads
            .EnumerateArray()
            .Select(item =>
                (Contact: _writers.GetValueOrDefault(item.GetProperty("wamid").GetString()!, ""), Call: new Call("mark", At(item)))
            );
        return messages.Concat(marks).ToLookup(pair => pair.Contact, pair => pair.Call, StringComparer.Ordinal);
    }

    private static DateTimeOffset At(JsonElement item) => item.GetProperty("at").GetDateTimeOffset();

    // The same seed, the same moments.
    private static TimeSpan DelayOf(string contact)
    {
        var dice = SHA256.HashData(Encoding.ASCII.GetBytes($"{Seed} {contact}"));
        return Longest * (BitConverter.ToUInt32(dice) / (double)uint.MaxValue);
    }

    // The moment of the take-over is the test's only variable; nothing is waited for by it.
    private static async Task PassAsync(TimeSpan delay)
    {
        using var timer = new PeriodicTimer(Look);
        for (var passed = TimeSpan.Zero; passed < delay; passed += Look)
            await timer.WaitForNextTickAsync(Stop);
    }

    private sealed record Taken(string Contact, string Thread, TimeSpan Delay, DateTimeOffset At);

    private sealed record Call(string Kind, DateTimeOffset At)
    {
        public const string Message = "message";
    }
}
