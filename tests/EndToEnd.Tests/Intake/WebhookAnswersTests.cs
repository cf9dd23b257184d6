using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Intake;

/// <summary>Three answers only: 200, it is stored; 401 or 413, it is refused; 503, try again.</summary>
public sealed class WebhookAnswersTests(RunningSystem system)
{
    private readonly Meta _meta = new(system);

    private Business Demo => system.Demo;

    [Fact]
    public async Task A_delivery_that_comes_twice_is_answered_200_twice_and_once_to_the_contact()
    {
        var contact = Meta.NewContact();
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        var body = Meta.Body(Meta.Entry(Demo, _meta.Text(contact, "when are you open on Saturday?")));

        (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);
        (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);
        await Demo.WaitForReplyAsync(contact);
        (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);
        await Demo.PassMarkerAsync(Meta.NewContact());

        (await Demo.RepliesToAsync(contact)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_forged_signature_is_refused_and_nobody_learns_the_right_one()
    {
        var contact = Meta.NewContact();
        var body = Encoding.UTF8.GetBytes(Meta.Body(Meta.Entry(Demo, _meta.Text(contact, "a forged question"))).ToJsonString());
        var right = Meta.Sign(body, system.Run.Demo.AppSecret);
        system.Secrets.Add("signature", right["sha256=".Length..]);

        (await _meta.PostAsync(body, Meta.Sign(body, "another secret"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await _meta.PostAsync(body, "sha256=")).ShouldBe(HttpStatusCode.Unauthorized);
        (await _meta.PostAsync(body, "")).ShouldBe(HttpStatusCode.Unauthorized);
        (await _meta.PostAsync([.. body, (byte)' '], right)).ShouldBe(HttpStatusCode.Unauthorized);
        await Demo.PassMarkerAsync(Meta.NewContact());

        (await Demo.RepliesToAsync(contact)).ShouldBeEmpty();
        system.Log.ShouldNotContain(right["sha256=".Length..]);
    }

    [Fact]
    public async Task A_signed_body_that_is_no_JSON_is_taken_and_put_aside()
    {
        await using var gateway = system.OpenDatabase("messaging-gateway");
        var before = await CountAsync(gateway, "what = 'body'");

        (await _meta.PostAsync("this is not {JSON"u8.ToArray())).ShouldBe(HttpStatusCode.OK);

        await RunningSystem.UntilAsync("quarantine", async () => await CountAsync(gateway, "what = 'body'") == before + 1);
    }

    [Fact]
    public async Task A_message_for_a_number_that_nobody_connected_is_taken_and_put_aside_and_its_neighbour_is_answered()
    {
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await using var gateway = system.OpenDatabase("messaging-gateway");
        var before = await CountAsync(gateway, "reason = 'unknown-number'");
        var stranger = new Business(system, system.Run.Demo with { PhoneNumberId = "999999999999", WabaId = "888888888888" });
        var contact = Meta.NewContact();

        var body = Meta.Body(
            Meta.Entry(stranger, _meta.Text(Meta.NewContact(), "does anybody read this?")),
            Meta.Entry(Demo, _meta.Text(contact, "when are you open on Saturday?"))
        );
        (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);

        (await Demo.WaitForReplyAsync(contact)).ShouldContain("10:00");
        (await CountAsync(gateway, "reason = 'unknown-number'")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Three_megabytes_in_one_post_are_taken_in_whole_and_four_and_a_half_are_refused()
    {
        var business = await system.OpenBusinessAsync();
        var contact = Meta.NewContact();
        var messages = new List<JsonNode>();
        for (var size = 0; size < 3 * 1024 * 1024; size += messages[^1].ToJsonString().Length + 1)
            messages.Add(
                _meta.Message(contact, "reaction", new JsonObject { ["message_id"] = "wamid.of-another-message", ["emoji"] = "👍" })
            );
        messages.Add(_meta.Text(contact, "when are you open on Saturday?"));
        var body = Encoding.UTF8.GetBytes(Meta.Body(Meta.Entry(business, [.. messages])).ToJsonString());
        body.Length.ShouldBeInRange(3_000_000, 3_300_000);

        (await _meta.PostAsync(body)).ShouldBe(HttpStatusCode.OK);
        (await _meta.PostAsync(new byte[4_700_000])).ShouldBe(HttpStatusCode.RequestEntityTooLarge);

        (await business.WaitForReplyAsync(contact)).ShouldContain("10:00");
        await using var gateway = system.OpenDatabase("messaging-gateway");
        var rows = await gateway.ReadAsync<long>(
            "select count(*) from message_log where tenant_id = $1 and direction = 'Inbound'",
            business.Tenant
        );
        rows.ShouldBe([messages.Count]);
    }

    private static async Task<long> CountAsync(Npgsql.NpgsqlDataSource gateway, string which) =>
        (await gateway.ReadAsync<long>($"select count(*) from quarantine where {which}")).Single();
}
