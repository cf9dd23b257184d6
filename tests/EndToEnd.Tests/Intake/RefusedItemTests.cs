using System.Net;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Intake;

/// <summary>Two customers in one POST and in one message of the bus, and the database refuses one item of the first.</summary>
public sealed class RefusedItemTests(RunningSystem system)
{
    private readonly Meta _meta = new(system);

    [Theory]
    [InlineData("messaging-gateway", "message_log")]
    [InlineData("ai-responder", "turn_message")]
    public async Task The_other_customer_and_the_neighbour_are_answered_and_the_bad_item_is_put_aside(string service, string table)
    {
        var first = await system.OpenBusinessAsync();
        var second = await system.OpenBusinessAsync();
        var (bad, neighbour, other) = (Meta.NewContact(), Meta.NewContact(), Meta.NewContact());
        await using var database = system.OpenDatabase(service);
        var quarantined = await CountAsync(database);
        await RefuseLocationsAsync(database, table, first);
        try
        {
            var body = Meta.Body(
                Meta.Entry(first, _meta.Location(bad), _meta.Text(neighbour, "when are you open on Saturday?")),
                Meta.Entry(second, _meta.Text(other, "when are you open on Saturday?"))
            );
            (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);

            (await second.WaitForReplyAsync(other)).ShouldContain("10:00");
            (await first.WaitForReplyAsync(neighbour)).ShouldContain("10:00");
            await RunningSystem.UntilAsync("quarantine", async () => await CountAsync(database) == quarantined + 1);
            (await first.RepliesToAsync(bad)).ShouldBeEmpty();
        }
        finally
        {
            await database.RunAsync($"drop trigger refuse_location on {table}; drop function refuse_location()");
        }
    }

    private static async Task<long> CountAsync(Npgsql.NpgsqlDataSource database) =>
        (await database.ReadAsync<long>("select count(*) from quarantine")).Single();

    // 22000: a value that can't be, as a number out of range would be; trying again changes nothing.
    private static Task RefuseLocationsAsync(Npgsql.NpgsqlDataSource database, string table, Business business) =>
        database.RunAsync(
            $"""
            create function refuse_location() returns trigger language plpgsql as $$
            begin
                raise exception 'refused by the test' using errcode = '22000';
            end $$;
            create trigger refuse_location before insert on {table} for each row
                when (new.tenant_id = '{business.Tenant}' and new.kind = 'Location') execute function refuse_location()
            """
        );
}
