using System.Text.Json;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Journeys;

public sealed class ContactJourneyTests(RunningSystem system)
{
    private Business Demo => system.Demo;

    [Fact]
    public async Task A_question_is_answered_from_what_the_business_says_now()
    {
        const string Contact = "905551000001";
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.", "Returns are free within 14 days.");
        await Demo.WriteAsync(Contact, "when are you open on Saturday?");
        (await Demo.WaitForReplyAsync(Contact)).ShouldContain("10:00 to 16:00");

        await Demo.DescribeAsync("We are open on Saturday from 11:30 to 15:00.", "Returns are free within 14 days.");
        await Demo.WriteAsync(Contact, "and when are you open on Saturday?");
        (await Demo.WaitForReplyAsync(Contact, 2)).ShouldContain("11:30 to 15:00");

        await Demo.DescribeAsync("Returns are free within 14 days.");
        await Demo.WriteAsync(Contact, "are you open on Saturday?");
        (await Demo.WaitForReplyAsync(Contact, 3)).ShouldContain("know", Case.Insensitive);
    }

    [Fact]
    public async Task A_burst_gets_one_answer_and_a_repeated_webhook_none()
    {
        const string Contact = "905551000002";
        await Demo.DescribeAsync("Delivery costs 49,90 TL.");
        await Demo.WriteAsync(Contact, "hello");
        await Demo.WriteAsync(Contact, "one question");
        await Demo.WriteAsync(Contact, "what does delivery cost?");

        (await Demo.WaitForReplyAsync(Contact)).ShouldContain("49,90");

        await Demo.PassMarkerAsync("905551000003");
        (await Demo.RepliesToAsync(Contact)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_stop_one_confirmation_comes_and_then_nothing_until_start()
    {
        const string Contact = "905551000004";
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await Demo.WriteAsync(Contact, "STOP");
        (await Demo.WaitForReplyAsync(Contact)).ShouldMatch("START|BAŞLA");

        await Demo.WriteAsync(Contact, "when are you open on Saturday?");
        await Demo.PassMarkerAsync("905551000005");
        (await Demo.RepliesToAsync(Contact)).Count.ShouldBe(1);

        await Demo.WriteAsync(Contact, "START");
        await Demo.WriteAsync(Contact, "when are you open on Saturday?");
        (await Demo.WaitForReplyAsync(Contact, 2)).ShouldContain("10:00");
    }

    [Fact]
    public async Task No_request_to_the_model_may_be_stored_and_none_names_anybody()
    {
        const string Contact = "905551000006";
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await Demo.WriteAsync(Contact, "open on Saturday?");
        await Demo.WaitForReplyAsync(Contact);

        var requests = (await system.ReadControlAsync("openai/requests?limit=5000")).GetProperty("items").EnumerateArray().ToList();
        var bodies = requests.ConvertAll(item => item.GetProperty("body"));

        bodies.ShouldNotBeEmpty();
        bodies.ShouldAllBe(body => body.GetProperty("store").ValueKind == JsonValueKind.False);
        bodies.ShouldAllBe(body => !body.GetRawText().Contains(Contact) && !body.GetRawText().Contains("Çelik"));
    }

    [Fact]
    public async Task Who_asks_for_a_person_is_told_so_and_the_assistant_is_silent_until_it_is_given_back()
    {
        const string Contact = "905551000009";
        await Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await Demo.WriteAsync(Contact, "I want to talk to a human please");
        (await Demo.WaitForReplyAsync(Contact)).ShouldContain("handing you over");
        var thread = await Demo.NewestThreadAsync();
        await RunningSystem.UntilAsync(
            "the thread is a person's",
            async () =>
                (await Demo.CallAsync(HttpMethod.Get, "messaging-gateway", $"/threads/{thread}")).GetProperty("mode").GetString() == "Human"
        );

        await Demo.WriteAsync(Contact, "are you open on Saturday?");
        await Demo.PassMarkerAsync("905551000010");
        (await Demo.RepliesToAsync(Contact)).Count.ShouldBe(1);

        await Demo.CallAsync(HttpMethod.Post, "messaging-gateway", $"/threads/{thread}/release");
        await Demo.WriteAsync(Contact, "and when are you open on Saturday?");
        (await Demo.WaitForReplyAsync(Contact, 2)).ShouldContain("10:00");
    }
}
