using System.Net;
using System.Text;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

public sealed class ReceiveWebhookTests(SharedServers servers)
{
    private const string Empty = """{"object":"whatsapp_business_account","entry":[]}""";

    [Theory]
    [InlineData("""{"entry":[],"text":"\u00f6\u00e7\u015f"}""")]
    [InlineData("""{"entry":[],"url":"https:\/\/x.test\/"}""")]
    [InlineData("""{"entry":[],"text":"öçş 👋"}""")]
    [InlineData("{\"entry\":[],\r\n\"a\":1}\r\n")]
    [InlineData("""{"entry":[],"a":1}   """)]
    public async Task A_signature_counts_over_the_bytes_as_they_came(string body)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);

        using var answer = await gateway.Sender.PostAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(GatewayApplication.Stop)).ShouldBeEmpty();
        (await gateway.CountAsync("intake")).ShouldBe(1);
    }

    [Fact]
    public async Task Both_secrets_sign_while_one_is_replaced()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var body = Encoding.UTF8.GetBytes(Empty);

        using var first = await gateway.Sender.PostAsync(body, Sender.Sign(body));
        using var second = await gateway.Sender.PostAsync(body, Sender.Sign(body, GatewayApplication.SecondSecret));
        using var third = await gateway.Sender.PostAsync(body, Sender.Sign(body, "a secret of long ago"));

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        third.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_body_with_a_forged_signature_is_refused_and_nothing_is_told_or_kept()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var body = Encoding.UTF8.GetBytes(Empty);
        var right = Sender.Sign(body);
        var hex = right["sha256=".Length..];
        string?[] wrong =
        [
            null,
            "",
            "sha256=",
            hex,
            right[..^1],
            right + "0",
            right[..^1] + (right[^1] == '0' ? '1' : '0'),
            "sha256=" + new string('z', 64),
            "sha1=" + hex[..40],
            "sha1=" + hex,
            "SHA256=" + hex,
            " " + right,
            Sender.Sign(Encoding.UTF8.GetBytes(Empty + " ")),
        ];

        foreach (var signature in wrong)
        {
            using var answer = await gateway.Sender.PostAsync(body, signature);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, signature);
            (await answer.Content.ReadAsStringAsync(GatewayApplication.Stop)).ShouldBeEmpty();
            answer.Headers.ToString().ShouldNotContain(hex);
        }

        (await gateway.CountAsync("intake")).ShouldBe(0);
        gateway.Logs.Lines.ShouldNotContain(line => line.Contains(hex, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Two_signatures_are_none()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var body = Encoding.UTF8.GetBytes(Empty);
        using var request = new HttpRequestMessage(HttpMethod.Post, Sender.Path) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", [Sender.Sign(body), Sender.Sign(body, "another")]);

        using var answer = await gateway.CreateClient().SendAsync(request, GatewayApplication.Stop);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_public_test_vector_verifies()
    {
        var secret = new MessagingGateway.Webhooks.WebhookSecret("It's a Secret to Everybody");
        var signature = Convert.FromHexString("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        secret.Signs("Hello, World!"u8, signature).ShouldBeTrue();
        secret.Signs("Hello, World?"u8, signature).ShouldBeFalse();
        secret.Signs("Hello, World!"u8, signature.AsSpan(0, 31)).ShouldBeFalse();
        secret.ToString().ShouldNotContain("Everybody");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(0, HttpStatusCode.OK)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Four_megabytes_are_taken_and_a_byte_more_is_not(int more, HttpStatusCode expected)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var body = Encoding.ASCII.GetBytes(Empty.PadRight((4 * 1024 * 1024) + more));

        using var whole = await gateway.Sender.PostAsync(body, Sender.Sign(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, Sender.Path) { Content = new StreamContent(new EndlessLength(body)) };
        request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", Sender.Sign(body));
        using var chunked = await gateway.CreateClient().SendAsync(request, GatewayApplication.Stop);

        whole.StatusCode.ShouldBe(expected);
        chunked.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Signed_but_not_json_is_stored_and_put_aside()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        using var quarantined = gateway.Collect("wpasis.intake.quarantined");

        await gateway.Sender.SendAsync("this is no json");
        await gateway.Sender.SendAsync("[]");
        await gateway.Sender.SendAsync("");
        await gateway.SplitAsync();

        quarantined.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).ShouldBe([new("no-entry", 1), new("no-json", 2)]);
        var rows = await gateway.ReadAsync(
            "select reason, what, epoch from quarantine order by reason",
            row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)[..3]}"
        );
        rows.ShouldBe(["no-entry body 72-", "no-json body 72-", "no-json body 72-"]);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Theory]
    [InlineData("subscribe", GatewayApplication.VerifyToken, "1158201444", HttpStatusCode.OK)]
    [InlineData("subscribe", "another token", "1158201444", HttpStatusCode.Forbidden)]
    [InlineData("unsubscribe", GatewayApplication.VerifyToken, "1158201444", HttpStatusCode.Forbidden)]
    [InlineData("subscribe", GatewayApplication.VerifyToken, "", HttpStatusCode.Forbidden)]
    public async Task The_challenge_goes_back_to_who_knows_the_token(string mode, string token, string challenge, HttpStatusCode expected)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);

        using var answer = await gateway
            .CreateClient()
            .GetAsync(
                $"{Sender.Path}?hub.mode={mode}&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(token)}",
                GatewayApplication.Stop
            );

        answer.StatusCode.ShouldBe(expected);
        var body = await answer.Content.ReadAsStringAsync(GatewayApplication.Stop);
        body.ShouldBe(expected == HttpStatusCode.OK ? challenge : "");
    }

    [Theory]
    [InlineData("WhatsApp:AppSecrets:0", "WhatsApp:AppSecrets:1")]
    [InlineData("WhatsApp:VerifyToken", "WhatsApp:VerifyToken")]
    public void Without_a_secret_the_service_does_not_start(string one, string other)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["WhatsApp:AppSecrets:0"] = "secret",
            ["WhatsApp:AppSecrets:1"] = " ",
            ["WhatsApp:VerifyToken"] = "token",
        };
        MessagingGateway.Webhooks.WebhookSecrets.Read(Configuration(settings)).ShouldNotBeNull();

        settings.Remove(one);
        settings.Remove(other);

        Should.Throw<InvalidOperationException>(() => MessagingGateway.Webhooks.WebhookSecrets.Read(Configuration(settings)));
    }

    private static Microsoft.Extensions.Configuration.IConfiguration Configuration(Dictionary<string, string?> settings) =>
        Microsoft
            .Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
                new Microsoft.Extensions.Configuration.ConfigurationBuilder(),
                settings
            )
            .Build();

    // A stream that cannot say how long it is makes the request chunked.
    private sealed class EndlessLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
