using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WpAsis.AppHost.Native.Servers;
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
            using var agent = await SignInAsync();
            foreach (var contact in contacts)
                await WriteAsync(contact);
            var threads = await FindThreadsAsync(agent, contacts);
            var taken = await Task.WhenAll(contacts.Select(contact => TakeOverAsync(agent, contact, threads[contact], DelayOf(contact))));

            // Whatever was on its way is behind the marker, which was begun after it.
            await MarkerAsync($"{numbers}9{done:D5}");
            foreach (var turn in taken)
                (await CountAsync(turn.Contact)).ShouldBe(turn.Calls, $"{turn.Contact} after {turn.Delay}");

            foreach (var turn in taken)
            {
                await PostAsync(agent, $"/threads/{turn.Thread}/release");
                await system.WriteAsync(turn.Contact, "are you open on Saturday?");
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

    private async Task<Taken> TakeOverAsync(HttpClient agent, string contact, string thread, TimeSpan delay)
    {
        await PassAsync(delay);
        var mode = await PostAsync(agent, $"/threads/{thread}/take-over");
        var calls = await CountAsync(contact);
        mode.GetProperty("mayStillArrive").GetBoolean().ShouldBeFalse();
        // What is written to a person in charge is for the person.
        await system.WriteAsync(contact, "hello?");
        return new(contact, thread, delay, calls);
    }

    // One token for a batch: signing in costs a password hash.
    private async Task<HttpClient> SignInAsync()
    {
        var token = await system.ControlAsync(
            "token",
            new
            {
                identity = system.Run.Services["identity"].Url,
                email = system.Run.Demo.Email,
                password = system.Run.Demo.Password,
                scope = "openid messaging-gateway",
            }
        );
        return new HttpClient(LocalTrust.Handler(system.Run.Ca))
        {
            BaseAddress = new Uri(system.Run.Services["messaging-gateway"].Url),
            DefaultRequestHeaders = { Authorization = new("Bearer", token.GetProperty("accessToken").GetString()) },
        };
    }

    private static async Task<JsonElement> PostAsync(HttpClient agent, string path)
    {
        using var response = await agent.PostAsync(new Uri(path, UriKind.Relative), null, Stop);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {response.StatusCode}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

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

    private static async Task<Dictionary<string, string>> FindThreadsAsync(HttpClient agent, List<string> contacts)
    {
        Dictionary<string, string> threads = [];
        await RunningSystem.UntilAsync(
            "the contacts' threads",
            async () =>
            {
                var page = await agent.GetFromJsonAsync<JsonElement>("/threads?limit=100", Stop);
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

    private async Task MarkerAsync(string contact)
    {
        await system.WriteAsync(contact, "are you open on Saturday?");
        await system.WaitForReplyAsync(contact);
    }

    private sealed record Taken(string Contact, string Thread, TimeSpan Delay, int Calls);
}
