using System.Security.Cryptography;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

/// <summary>
/// Messages, edits, revokes, take-overs, releases and grants in any order, on two replicas of which one's clock is 5 s ahead.
/// </summary>
public sealed class InterleavingTests(SharedServers servers)
{
    private const int Steps = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_happens_each_message_has_one_end_and_no_reservation_stays_open(int seed)
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        await using var other = app.Replica(Running.Workers);
        other.Advance(5);
        app.Model.Answer = async call =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + (call.Number * 37 % 120)));
            await timer.WaitForNextTickAsync(CancellationToken.None);
            return call.Number % 11 == 0 ? StubAnswer.Error(500) : StubAnswer.Says("ok");
        };
        var contacts = Enumerable.Range(0, 12).Select(_ => new Conversation(app)).ToList();
        var written = contacts.ToDictionary(contact => contact, _ => new List<MessageId>());
        foreach (var contact in contacts)
            await contact.PublishProfileAsync();

        for (var step = 0; step < Steps; step++)
        {
            var dice = SHA256.HashData([(byte)seed, .. BitConverter.GetBytes(step)]);
            var contact = contacts[dice[0] % contacts.Count];
            await TakeAsync(contact, written[contact], dice[1] % 12);
            app.Advance(dice[2] % 5 * 0.3);
            other.Clock.MoveTo(app.Clock.Offset + TimeSpan.FromSeconds(5));
        }
        foreach (var contact in contacts.Where(contact => written[contact].Count > 0))
        {
            // Two grants: the seal may have asked for another one meanwhile.
            await Eventually.HoldsAsync(async () =>
            {
                await contact.GrantAllAsync();
                app.Advance(3);
                other.Advance(3);
                return !(await contact.ClockAsync()).IsPending;
            });
        }

        await Eventually.HoldsAsync(() => app.Get<RunningTurns>().Count + other.Get<RunningTurns>().Count == 0);
        await app.HoldsInvariantsAsync();
        foreach (var contact in contacts)
        {
            var generated = await contact.GeneratedAsync();
            generated.Select(reply => reply.ReplyId).ShouldBeUnique();
            generated.SelectMany(reply => reply.Answers).ShouldBeUnique();
        }
    }

    private static async Task TakeAsync(Conversation contact, List<MessageId> written, int action)
    {
        switch (action)
        {
            case 0 when written.Count > 0:
                await contact.WriteAsync("edited", MessageKind.Edit, written[^1]);
                break;
            case 1 when written.Count > 0:
                await contact.WriteAsync(null, MessageKind.Revoke, written[^1]);
                break;
            case 2:
                contact.Mode = ThreadMode.Human;
                await contact.TakeOverAsync();
                break;
            case 3 or 4:
                contact.Mode = ThreadMode.Assistant;
                await contact.ReleaseAsync();
                break;
            case 5:
                written.Add(await contact.WriteAsync(null, MessageKind.Sticker));
                break;
            case 6 or 7:
                await contact.GrantAllAsync();
                break;
            default:
                written.Add(await contact.WriteAsync("hello"));
                break;
        }
    }
}
