using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Data;
using WpAsis.MessagingGateway.DataSubjects;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.DataSubjects;

/// <summary>A contact proves, is exported, is forgotten, and writes again.</summary>
public sealed class EraseSubjectTests(SharedServers servers)
{
    private const string Ayse = "905550000001";
    private const string Mehmet = "905550000002";

    [Fact]
    public async Task A_code_from_ones_own_whatsapp_is_announced_confirmed_and_kept_from_the_assistant()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var code = ProofCode.Of(Enumerable.Range(0, 32).Select(i => (byte)(i * 7)).ToArray());

        await sender.SendAsync(channel, sender.Text(Ayse, "hello"));
        await sender.SendAsync(channel, sender.Text(Ayse, $" {code.Replace("WPASIS", "wpasİs", StringComparison.Ordinal)} "));
        await sender.SendAsync(channel, sender.Text(Ayse, "WPASIS is the name of the shop, isn't it?"));
        await gateway.SplitAsync();

        var received = await gateway.ReceivedAsync();
        received.Count.ShouldBe(2);
        var proved = (await gateway.PublishedAsync<SubjectProved>()).ShouldHaveSingleItem();
        proved.CodeHash.ShouldBe(ProofCode.HashOf(code));
        proved.SubjectId.ShouldBe(received[0].SubjectId);
        (await gateway.CountAsync("send_route")).ShouldBe(1);
        (await gateway.CountAsync("opt_out")).ShouldBe(0);
    }

    [Fact]
    public async Task A_forgotten_contact_leaves_counts_and_stop_and_nothing_that_leads_to_them()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Ayse, "hello"), sender.Text(Mehmet, "hello too"), sender.Text(Ayse, "STOP"));
        await gateway.SplitAsync();
        var received = await gateway.ReceivedAsync();
        var (ayse, mehmet) = (received[0].SubjectId, received[1].SubjectId);
        var request = Request(gateway, channel.Tenant, ayse);

        var receipt = Verify(gateway, await EraseAsync(gateway, request));
        var again = await EraseAsync(gateway, request);

        Verify(gateway, again).At.ShouldBe(receipt.At);
        (await gateway.CountAsync("subject_receipt")).ShouldBe(1);
        receipt.Rows["contact"].ShouldBe(1);
        receipt.Rows["thread"].ShouldBe(1);
        receipt.Rows["message_log"].ShouldBe(2);
        receipt.ContentGoneAt.ShouldNotBeNull();
        receipt.GoneFromBackupsAt.ShouldBe(receipt.At.AddDays(30));
        foreach (var table in (string[])["contact", "thread", "send", "media", "message_log"])
            (await gateway.CountAsync($"{table} where subject = $1", ayse.Value)).ShouldBe(0, table);
        (await gateway.CountAsync("vault.alias where subject = $1", ayse.Value)).ShouldBe(0);
        (await gateway.CountAsync("contact where subject = $1", mehmet.Value)).ShouldBe(1);
        (await gateway.CountAsync("message_log")).ShouldBe(3);
        (await gateway.CountAsync("opt_out where scope = 'All'")).ShouldBe(1);
        var told = (await gateway.PublishedAsync<ThreadChanged>()).Where(change => change.Erased).ShouldHaveSingleItem();
        told.ThreadId.ShouldBe(received[0].ThreadId);
        told.Version.ShouldBeGreaterThan(1);
        // The confirmation of STOP was still waiting: it is not sent to somebody who is gone.
        (await gateway.PublishedAsync<ReplyDropped>())
            .ShouldHaveSingleItem()
            .Reason.ShouldBe(DropReason.Erased);
        (await gateway.CountAsync("send_route")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_writes_again_is_somebody_new_and_what_is_older_is_dropped()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Ayse, "hello"));
        await gateway.SplitAsync();
        var first = (await gateway.ReceivedAsync()).ShouldHaveSingleItem();
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        await EraseAsync(gateway, Request(gateway, channel.Tenant, first.SubjectId));

        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        await sender.SendAsync(channel, sender.Text(Ayse, "an old webhook comes late", ago: TimeSpan.FromMinutes(5)));
        await sender.SendAsync(channel, sender.Text(Ayse, "hello again"));
        await gateway.SplitAsync();

        var received = await gateway.ReceivedAsync();
        received.Count.ShouldBe(2);
        received[1].SubjectId.ShouldNotBe(first.SubjectId);
        received[1].ThreadId.ShouldNotBe(first.ThreadId);
        (await gateway.CountAsync("contact")).ShouldBe(1);
    }

    [Fact]
    public async Task Another_customer_can_not_have_a_contact_forgotten()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        await gateway.Sender.SendAsync(channel, gateway.Sender.Text(Ayse, "hello"));
        await gateway.SplitAsync();
        var subject = (await gateway.ReceivedAsync())[0].SubjectId;

        var foreign = Request(gateway, TypedId.New<TenantId>(gateway.Clock), subject);

        await Should.ThrowAsync<Exception>(() => EraseAsync(gateway, foreign));
        (await gateway.CountAsync("contact")).ShouldBe(1);
        (await gateway.CountAsync("subject_receipt")).ShouldBe(0);
    }

    [Fact]
    public async Task A_copy_holds_what_is_known_about_the_contact_and_nobody_else()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Ayse, "hello"), sender.Text(Mehmet, "hello too"), sender.Text(Ayse, "and this"));
        await gateway.SplitAsync();
        var ayse = (await gateway.ReceivedAsync())[0];

        var lines = await ExportAsync(gateway, channel.Tenant, ayse.SubjectId);

        var text = string.Join('\n', lines);
        text.ShouldContain(Ayse);
        text.ShouldContain(ayse.ThreadId.ToString());
        text.ShouldNotContain(Mehmet);
        lines.Count(line => line.Contains("\"table\":\"message_log\"", StringComparison.Ordinal)).ShouldBe(2);
        lines[^1].ShouldBe("""{"rows":4}""");
    }

    private static ErasureRequested Request(GatewayApplication gateway, TenantId tenant, DataSubjectId subject) =>
        new()
        {
            TenantId = tenant,
            RequestId = TypedId.New<SubjectRequestId>(gateway.Clock),
            SubjectId = subject,
            Kind = SubjectKind.Contact,
            At = gateway.Clock.GetUtcNow(),
        };

    private static async Task<string> EraseAsync(GatewayApplication gateway, ErasureRequested request)
    {
        var erase = gateway.Services.GetRequiredService<EraseSubject>();
        await using var db = gateway.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        return await db.InTenantAsync(
            request.TenantId!.Value,
            (inner, token) => erase.RunAsync(inner, request, oneMayStillArrive: false, token),
            GatewayApplication.Stop
        );
    }

    private static Receipt Verify(GatewayApplication gateway, string jws) =>
        gateway.Services.GetRequiredService<ReceiptSigner>().PublicKey.Verify(jws).ShouldNotBeNull();

    private static async Task<List<string>> ExportAsync(GatewayApplication gateway, TenantId tenant, DataSubjectId subject)
    {
        var vault = gateway.Services.GetRequiredService<Vault>();
        await using var db = gateway.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        using var output = new MemoryStream();
        await db.InTenantAsync(
            tenant,
            async (inner, token) =>
            {
                var key = await vault.FindSubjectKeyAsync(inner, subject, token);
                await new SubjectExport(inner, subject, key, "messaging-gateway", open: null).WriteAsync(output, [tenant], token);
            },
            GatewayApplication.Stop
        );
        return [.. Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n')];
    }
}
