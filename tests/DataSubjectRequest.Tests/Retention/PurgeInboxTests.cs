using WpAsis.Privacy.Ids;

namespace WpAsis.DataSubjectRequest.Tests.Retention;

public sealed class PurgeInboxTests(DataSubjectRequestApplication app)
{
    [Fact]
    public async Task What_was_received_is_forgotten_after_eight_days_and_not_before()
    {
        var message = TypedId.RandomGuid();
        await DataSubjectRequestApplication.ScalarAsync(
            app.Database.App,
            "insert into inbox (message_id, consumer, received_at) values ($1, 'test', $2)",
            message,
            app.Clock.GetUtcNow()
        );

        await app.AdvanceAsync(TimeSpan.FromDays(8) - TimeSpan.FromMinutes(5));
        (await CountAsync(message)).ShouldBe(1);
        await app.AdvanceAsync(TimeSpan.FromMinutes(10));

        (await CountAsync(message)).ShouldBe(0);
    }

    private async Task<long> CountAsync(Guid message) =>
        (long)
            (
                await DataSubjectRequestApplication.ScalarAsync(
                    app.Database.App,
                    "select count(*) from inbox where message_id = $1",
                    message
                )
            )!;
}
