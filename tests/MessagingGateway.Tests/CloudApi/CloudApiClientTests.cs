using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Tests.CloudApi;

public sealed class CloudApiClientTests
{
    private static readonly GraphAccess Access = new("1001", "token-1");
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task A_message_names_its_contact_and_carries_our_id()
    {
        await using var graph = await StubGraph.StartAsync();
        using var services = Services(graph.Url, TimeSpan.FromSeconds(10));
        var message = Message("Merhaba");

        var answer = await Client(services).SendAsync(Access, message, TestContext.Current.CancellationToken);

        answer.Verdict.ShouldBe(GraphVerdict.Accepted);
        answer.Wamid!.Value.Reveal().ShouldBe("wamid.1");
        var call = graph.Calls.ShouldHaveSingleItem();
        call.PhoneNumberId.ShouldBe("1001");
        call.Token.ShouldBe("Bearer token-1");
        call.To.ShouldBe("905550000001");
        call.Recipient.ShouldBeNull();
        call.Said.ShouldBe("Merhaba");
        call.CallbackData.ShouldBe(message.MessageId.ToString());
    }

    [Fact]
    public async Task A_contact_without_a_number_is_reached_by_recipient()
    {
        await using var graph = await StubGraph.StartAsync();
        using var services = Services(graph.Url, TimeSpan.FromSeconds(10));
        var message = new GraphMessage
        {
            MessageId = TypedId.New<MessageId>(TimeProvider.System),
            Recipient = BusinessScopedUserId.Parse("TR.abc123"),
            Text = "Merhaba",
            Buttons = ["Evet", "Hayır"],
        };

        await Client(services).SendAsync(Access, message, TestContext.Current.CancellationToken);

        var call = graph.Calls.ShouldHaveSingleItem();
        call.To.ShouldBeNull();
        call.Recipient.ShouldBe("TR.abc123");
        call.Said.ShouldBe("Merhaba");
        call.Buttons.ShouldBe(["Evet", "Hayır"]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_taken_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var services = Services(new Uri($"http://127.0.0.1:{port}/v26.0"), Patience);

        var answer = await Client(services).SendAsync(Access, Message("x"), TestContext.Current.CancellationToken);

        answer.ShouldBe(GraphAnswer.NotSent);
    }

    [Fact]
    public async Task A_server_that_stays_silent_may_have_taken_it()
    {
        await using var graph = await StubGraph.StartAsync();
        graph.Decide = _ => StubAnswer.Accept with { HangsAfterAccepting = true };
        using var services = Services(graph.Url, Patience);

        var answer = await Client(services).SendAsync(Access, Message("x"), TestContext.Current.CancellationToken);

        answer.ShouldBe(GraphAnswer.Unknown);
        graph.Taken.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500, null, GraphVerdict.OutcomeUnknown)]
    [InlineData(500, 131016, GraphVerdict.RetryMessage)]
    [InlineData(401, 190, GraphVerdict.StopNumber)]
    internal async Task One_call_is_one_attempt(int status, int? code, GraphVerdict expected)
    {
        await using var graph = await StubGraph.StartAsync();
        graph.Decide = _ => new StubAnswer(status, code);
        using var services = Services(graph.Url, TimeSpan.FromSeconds(10));

        var answer = await Client(services).SendAsync(Access, Message("x"), TestContext.Current.CancellationToken);

        answer.Verdict.ShouldBe(expected);
        answer.Code.ShouldBe(code);
        graph.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Graphs_wish_to_wait_is_heard()
    {
        await using var graph = await StubGraph.StartAsync();
        graph.Decide = _ => StubAnswer.Refuse(429, 130429) with { RetryAfter = "17" };
        using var services = Services(graph.Url, TimeSpan.FromSeconds(10));

        var answer = await Client(services).SendAsync(Access, Message("x"), TestContext.Current.CancellationToken);

        answer.RetryAfter.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Fact]
    public void Nothing_prints_what_is_said_or_to_whom()
    {
        var message = Message("gizli söz");

        message.ToString().ShouldBe(message.MessageId.ToString());
        Access.ToString().ShouldBe("1001");
    }

    private static GraphMessage Message(string text) =>
        new()
        {
            MessageId = TypedId.New<MessageId>(TimeProvider.System),
            To = WaId.Parse("905550000001"),
            Text = text,
        };

    private static CloudApiClient Client(ServiceProvider services) => services.GetRequiredService<CloudApiClient>();

    private static ServiceProvider Services(Uri url, TimeSpan timeout)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new GraphSettings(url, timeout));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<CloudApiClient>();
        services.AddGraphClient(CloudApiClient.ClientName);
        return services.BuildServiceProvider();
    }
}
