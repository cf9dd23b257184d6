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

    // Longer than a turn: silence, model, sending.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    [Fact]
    public Task After_the_answer_of_a_take_over_no_call_for_the_contact_is_made_in_4_turns() => RaceAsync(4, "905553");

    [LongFact("console")]
    public Task After_the_answer_of_a_take_over_no_call_for_the_contact_is_made_in_200_turns() => RaceAsync(200, "905554");

    private async Task RaceAsync(int turns, string numbers)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}");
        for (var done = 0; done < turns; done += AtOnce)
        {
            var contacts = Enumerable.Range(done, Math.Min(AtOnce, turns - done)).Select(i => $"{numbers}{i:D6}").ToList();
            foreach (var contact in contacts)
                await WriteAsync(contact);
            var threads = await FindThreadsAsync(contacts);
            var taken = await Task.WhenAll(contacts.Select(contact => TakeOverAsync(contact, threads[contact], DelayOf(contact))));

            // Whatever was on its way is behind the marker, which was begun after it.
            await system.Demo.PassMarkerAsync($"{numbers}9{done:D5}");
            foreach (var turn in taken)
                (await CountAsync(turn.Contact)).ShouldBe(turn.Calls, $"{turn.Contact} after {turn.Delay}");

            foreach (var turn in taken)
            {
                await PostAsync($"/threads/{turn.Thread}/release");
                await system.Demo.WriteAsync(turn.Contact, "are you open on Saturday?");
            }
            await RunningSystem.UntilAsync(
                "the assistant answers again",
                async () =>
                {
                    var counts = await CountsAsync();
                    return taken.All(turn => counts.GetValueOrDefault(turn.Contact) > turn.Calls);
                }
            );
        }
    }

    private async Task<Taken> TakeOverAsync(string contact, string thread, TimeSpan delay)
    {
        await PassAsync(delay);
        var mode = await PostAsync($"/threads/{thread}/take-over");
        var calls = await CountAsync(contact);
        mode.GetProperty("mayStillArrive").GetBoolean().ShouldBeFalse();
        // What is written to a person in charge is for the person.
        await system.Demo.WriteAsync(contact, "hello, is anybody there?");
        return new(contact, thread, delay, calls);
    }

    private Task<JsonElement> PostAsync(string path) => system.Demo.CallAsync(HttpMethod.Post, "messaging-gateway", path);

    private Task<JsonElement> WriteAsync(string contact) =>
        system.ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = system.Run.Demo.PhoneNumberId,
                from = contact,
                profileName = NameOf(contact),
                text = "when are you open on Saturday?",
            }
        );

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

    private async Task<int> CountAsync(string contact) => (await CountsAsync()).GetValueOrDefault(contact);

    private async Task<Dictionary<string, int>> CountsAsync()
    {
        var sent = await system.ReadControlAsync("graph/sent?limit=100000");
        return sent.GetProperty("items")
            .EnumerateArray()
            .GroupBy(item => item.GetProperty("to").GetString() ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
    }

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

    private sealed record Taken(string Contact, string Thread, TimeSpan Delay, int Calls);
}
