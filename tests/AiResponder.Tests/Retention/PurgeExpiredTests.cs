using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Retention;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Retention;

public sealed class PurgeExpiredTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Words_go_with_their_epoch_and_metadata_after_ninety_days()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await contact.AnsweredAsync();
        var purge = app.Get<PurgeExpired>();

        await purge.RunNowAsync(Stop);
        (await contact.MessagesAsync()).ShouldAllBe(message => message.Content != null);

        app.Advance(TimeSpan.FromHours(25));
        await purge.RunNowAsync(Stop);
        (await contact.MessagesAsync()).ShouldHaveSingleItem().Content.ShouldBeNull();
        (await contact.RepliesAsync()).ShouldHaveSingleItem().Content.ShouldBeNull();

        app.Advance(TimeSpan.FromDays(88));
        await purge.RunNowAsync(Stop);
        (await contact.MessagesAsync()).Count.ShouldBe(1);

        app.Advance(TimeSpan.FromDays(2));
        await purge.RunNowAsync(Stop);
        (await contact.MessagesAsync()).ShouldBeEmpty();
        (await contact.TurnsAsync()).ShouldBeEmpty();
        (await contact.RepliesAsync()).ShouldBeEmpty();
        await using var db = app.Work.CreateContext();
        (await db.Clocks.CountAsync(Stop)).ShouldBe(0);
        (await db.Usages.CountAsync(Stop)).ShouldBe(0);
    }
}
