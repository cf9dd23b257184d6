using System.Diagnostics;
using System.Net.Http.Json;

namespace WpAsis.EndToEnd.Tests.Watching;

public sealed class TraceTests(RunningSystem system)
{
    [Fact]
    public async Task One_trace_spans_a_webhook_and_the_reply_that_was_sent()
    {
        const string Contact = "905551200001";
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        var call = new HttpRequestMessage(HttpMethod.Post, $"{system.Run.Sandbox!.Url}/_sandbox/graph/inbound")
        {
            Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } },
            Content = JsonContent.Create(
                new
                {
                    phoneNumberId = system.Demo.PhoneNumberId,
                    from = Contact,
                    text = "open on Saturday?",
                }
            ),
        };
        using (call)
        using (var answer = await system.Http.SendAsync(call, TestContext.Current.CancellationToken))
            answer.EnsureSuccessStatusCode();
        await system.Demo.WaitForReplyAsync(Contact);

        string[] way =
        [
            "messaging-gateway: POST /webhooks/whatsapp",
            "ai-responder: take in message",
            "billing: billing-reserve-usage process",
            "ai-responder: generate reply",
            "messaging-gateway: messaging-gateway-send-reply process",
            "messaging-gateway: send reply",
            "messaging-gateway: POST graph",
        ];
        var missing = way.ToList();
        IReadOnlyList<ExportedSpan> spans = [];
        try
        {
            await RunningSystem.UntilAsync(
                "every span of the way",
                () =>
                {
                    spans = system.Telemetry.SpansOf(trace);
                    missing = [.. way.Where(step => !spans.Any(span => Is(span, step)))];
                    return Task.FromResult(missing.Count == 0);
                }
            );
        }
        catch (TimeoutException)
        {
            missing.ShouldBeEmpty(string.Join('\n', spans.Select(span => $"{span.Service}: {span.Name}")));
        }
    }

    [Fact]
    public async Task No_provider_is_told_our_trace()
    {
        const string Contact = "905551200002";
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.Demo.WriteAsync(Contact, "open on Saturday?");
        await system.Demo.WaitForReplyAsync(Contact);

        var requests = (await system.ReadControlAsync("openai/requests?limit=5000")).GetProperty("items").EnumerateArray().ToList();
        requests.ShouldNotBeEmpty();
        requests.ShouldAllBe(request =>
            !request.GetProperty("headers").GetRawText().Contains("traceparent", StringComparison.OrdinalIgnoreCase)
        );
        (await system.Sent.ReadAsync()).ShouldAllBe(message => message.TraceParent == null);
    }

    private static bool Is(ExportedSpan span, string step)
    {
        var (service, name) = (step.Split(": ")[0], step.Split(": ")[1]);
        if (span.Service != service)
            return false;
        return name == "POST graph"
            ? span.Attributes.GetValueOrDefault("url.full", "").Contains("/graph/v", StringComparison.Ordinal)
                && span.Attributes.GetValueOrDefault("url.full", "").EndsWith("/messages", StringComparison.Ordinal)
            : span.Name.Contains(name, StringComparison.Ordinal);
    }
}
