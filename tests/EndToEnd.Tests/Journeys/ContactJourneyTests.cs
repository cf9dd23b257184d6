using System.Text.Json;

namespace WpAsis.EndToEnd.Tests.Journeys;

public sealed class ContactJourneyTests(RunningSystem system)
{
    [Fact]
    public async Task A_question_is_answered_from_what_the_business_says_now()
    {
        const string Contact = "905551000001";
        await DescribeAsync("We are open on Saturday from 10:00 to 16:00.", "Returns are free within 14 days.");
        await system.WriteAsync(Contact, "when are you open on Saturday?");
        (await system.WaitForReplyAsync(Contact)).ShouldContain("10:00 to 16:00");

        await DescribeAsync("We are open on Saturday from 11:30 to 15:00.", "Returns are free within 14 days.");
        await system.WriteAsync(Contact, "and when are you open on Saturday?");
        (await system.WaitForReplyAsync(Contact, 2)).ShouldContain("11:30 to 15:00");

        await DescribeAsync("Returns are free within 14 days.");
        await system.WriteAsync(Contact, "are you open on Saturday?");
        (await system.WaitForReplyAsync(Contact, 3)).ShouldContain("know", Case.Insensitive);
    }

    [Fact]
    public async Task A_burst_gets_one_answer_and_a_repeated_webhook_none()
    {
        const string Contact = "905551000002";
        await DescribeAsync("Delivery costs 49,90 TL.");
        await system.WriteAsync(Contact, "hello");
        await system.WriteAsync(Contact, "one question");
        await system.WriteAsync(Contact, "what does delivery cost?");

        (await system.WaitForReplyAsync(Contact)).ShouldContain("49,90");

        await MarkerAsync("905551000003");
        (await system.RepliesToAsync(Contact)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_stop_one_confirmation_comes_and_then_nothing_until_start()
    {
        const string Contact = "905551000004";
        await DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.WriteAsync(Contact, "STOP");
        (await system.WaitForReplyAsync(Contact)).ShouldMatch("START|BAŞLA");

        await system.WriteAsync(Contact, "when are you open on Saturday?");
        await MarkerAsync("905551000005");
        (await system.RepliesToAsync(Contact)).Count.ShouldBe(1);

        await system.WriteAsync(Contact, "START");
        await system.WriteAsync(Contact, "when are you open on Saturday?");
        (await system.WaitForReplyAsync(Contact, 2)).ShouldContain("10:00");
    }

    [Fact]
    public async Task No_request_to_the_model_may_be_stored_and_none_names_anybody()
    {
        const string Contact = "905551000006";
        await DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.WriteAsync(Contact, "open on Saturday?");
        await system.WaitForReplyAsync(Contact);

        var requests = await system.ReadControlAsync("openai/requests?limit=10000");
        var bodies = requests.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("body")).ToList();

        bodies.ShouldNotBeEmpty();
        bodies.ShouldAllBe(body => body.GetProperty("store").ValueKind == JsonValueKind.False);
        bodies.ShouldAllBe(body => !body.GetRawText().Contains(Contact) && !body.GetRawText().Contains("Çelik"));
    }

    [Fact]
    public async Task What_was_said_and_who_said_it_stands_in_no_log()
    {
        const string Contact = "905551077077";
        await DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.WriteAsync(Contact, "canary-4711 when are you open on Saturday?");
        await system.WaitForReplyAsync(Contact);

        system.Log.ShouldNotContain("canary-4711");
        system.Log.ShouldNotContain(Contact);
        system.Log.ShouldNotContain("Çelik");
    }

    [Fact]
    public async Task The_clock_jumps_and_the_intake_goes_on()
    {
        const string Contact = "905551000008";
        await DescribeAsync("We are open on Saturday from 10:00 to 16:00.");

        await system.ControlAsync("clock", new { advance = "25:00:00" });
        await system.WriteAsync(Contact, "open on Saturday?");
        (await system.WaitForReplyAsync(Contact)).ShouldContain("10:00");

        await system.ControlAsync("clock", new { advance = "2184:00:00" });
        await system.WriteAsync(Contact, "open on Saturday?");
        (await system.WaitForReplyAsync(Contact, 2)).ShouldContain("10:00");
    }

    // Something that comes behind must have come before one can say that nothing came.
    private async Task MarkerAsync(string contact)
    {
        await system.WriteAsync(contact, "are you open on Saturday?");
        await system.WaitForReplyAsync(contact);
    }

    private Task<JsonElement> DescribeAsync(params string[] facts) =>
        system.CallAsync(
            HttpMethod.Put,
            "ai-responder",
            "/profile",
            new
            {
                assistantName = "Ada",
                businessName = "WpAsis Demo",
                facts = string.Join('\n', facts),
                tone = "friendly",
                languages = new[] { "tr", "en" },
                scope = "",
                humanContact = "",
            }
        );
}
