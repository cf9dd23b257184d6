using Microsoft.Extensions.DependencyInjection;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Contacts;

public sealed class ResolveContactsTests(SharedServers servers)
{
    private const string Number = "905550000001";
    private const string User = "TR.13491208655302741918";
    private const string NewUser = "TR.99999999999999999999";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_stays_one_contact_from_number_to_user_id_and_through_a_new_one(bool inOnePost)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        string[] entries =
        [
            Entry([sender.Text(Number, "by number")], Profile($"\"wa_id\":\"{Number}\"")),
            Entry(
                [sender.Text(Number, "by both", more: $",\"from_user_id\":\"{User}\"")],
                Profile($"\"wa_id\":\"{Number}\",\"user_id\":\"{User}\"")
            ),
            Entry([By(User, "by user id")], Profile($"\"user_id\":\"{User}\"")),
            Sender.Entry(
                channel,
                Sender.Value(channel, "user_id_update", $"[{{\"user_id\":{{\"previous\":\"{User}\",\"current\":\"{NewUser}\"}}}}]"),
                "user_id_update"
            ),
            Entry([By(NewUser, "by the new user id")], null),
        ];

        foreach (var body in inOnePost ? [Sender.Body(entries)] : entries.Select(entry => Sender.Body(entry)))
        {
            await sender.SendAsync(body);
            if (!inOnePost)
                await gateway.SplitAsync();
        }
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Count.ShouldBe(4);
        items.Select(item => item.SubjectId).Distinct().Count().ShouldBe(1);
        items.Select(item => item.ThreadId).Distinct().Count().ShouldBe(1);
        (await gateway.CountAsync("contact")).ShouldBe(1);
        (await gateway.CountAsync("vault.subject_key")).ShouldBe(1);
        (await ReadNameAsync(gateway, channel.Tenant, items[0].SubjectId, "business_scoped_user_id", SealedColumns.ContactUserId)).ShouldBe(
            NewUser
        );

        string Entry(string[] messages, string? contacts) => Sender.Entry(channel, Sender.Value(channel, messages, contacts));
        string Profile(string members) => Sender.Contact(members);
        string By(string user, string text) => sender.Message($"\"from_user_id\":\"{user}\"", "text", $"\"text\":{{\"body\":\"{text}\"}}");
    }

    [Theory]
    [InlineData("5511987654321", "551187654321")]
    [InlineData("551187654321", "5511987654321")]
    [InlineData("525512345678", "5215512345678")]
    [InlineData("5491123456789", "541123456789")]
    public async Task Two_ways_to_write_a_number_are_one_person(string one, string other)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;

        await sender.SendAsync(channel, sender.Text(one, "one"), sender.Text(other, "other"));
        await gateway.SplitAsync();
        await sender.SendAsync(channel, sender.Text(other, "other again"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Select(item => item.SubjectId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_changed_number_is_followed_and_the_next_who_bears_the_old_one_is_somebody_else()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        const string NewNumber = "905559999999";
        await sender.SendAsync(channel, sender.Text(Number, "before"));
        var change = $"\"system\":{{\"body\":\"x\",\"wa_id\":\"{NewNumber}\",\"user_id\":\"{NewUser}\",\"type\":\"user_changed_number\"}}";
        await sender.SendAsync(channel, sender.Message($"\"from\":\"{Number}\"", "system", change));
        await sender.SendAsync(channel, sender.Text(NewNumber, "after"));
        await gateway.SplitAsync();
        await sender.SendAsync(channel, sender.Text(Number, "the next owner"));
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Count.ShouldBe(3);
        items[1].SubjectId.ShouldBe(items[0].SubjectId);
        items[2].SubjectId.ShouldNotBe(items[0].SubjectId);
        (await ReadNameAsync(gateway, channel.Tenant, items[0].SubjectId, "wa_id", SealedColumns.ContactWaId)).ShouldBe(NewNumber);
        (await ReadNameAsync(gateway, channel.Tenant, items[2].SubjectId, "wa_id", SealedColumns.ContactWaId)).ShouldBe(Number);
    }

    [Fact]
    public async Task Two_contacts_that_turn_out_to_be_one_are_not_merged_silently()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        using var events = gateway.Collect("wpasis.intake.events");
        await sender.SendAsync(channel, sender.Text(Number, "by number"));
        await sender.SendAsync(channel, sender.Message($"\"from_user_id\":\"{User}\"", "text", "\"text\":{\"body\":\"by user id\"}"));
        await gateway.SplitAsync();

        await sender.SendAsync(channel, sender.Text(Number, "by both", more: $",\"from_user_id\":\"{User}\""));
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items[2].SubjectId.ShouldBe(items[1].SubjectId);
        items[0].SubjectId.ShouldNotBe(items[1].SubjectId);
        events["alias-conflict"].ShouldBe(1);
    }

    [Fact]
    public async Task Another_persons_profile_in_the_same_webhook_is_never_taken()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var others = Sender.Contact("\"wa_id\":\"905550000002\",\"user_id\":\"TR.2\"", "Zeynep");

        await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, [sender.Text(Number, "mine")], others)));
        await gateway.SplitAsync();

        (await gateway.CountAsync("contact where display_name is null and business_scoped_user_id is null")).ShouldBe(1);
        (await gateway.CountAsync("vault.alias")).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_was_erased_is_a_new_person_afterwards_and_what_is_older_is_dropped()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Number, "before"));
        await gateway.SplitAsync();
        var erased = (await gateway.ReceivedAsync())[0].SubjectId;
        gateway.Clock.Advance(TimeSpan.FromMinutes(10));
        await EraseAsync(gateway, channel.Tenant, erased);
        gateway.Clock.Advance(TimeSpan.FromMinutes(10));

        await sender.SendAsync(channel, sender.Text(Number, "late, from before", ago: TimeSpan.FromMinutes(15)));
        await sender.SendAsync(channel, sender.Text(Number, "after"));
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Count.ShouldBe(2);
        items[1].SubjectId.ShouldNotBe(erased);
        items[1].ThreadId.ShouldNotBe(items[0].ThreadId);
        gateway.Open(items[1]).GetProperty("text").GetString().ShouldBe("after");
    }

    private static async Task EraseAsync(GatewayApplication gateway, TenantId tenant, DataSubjectId subject)
    {
        await using var db = gateway.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        var vault = gateway.Services.GetRequiredService<Vault>();
        await db.InTenantAsync(
            tenant,
            (inner, token) => vault.EraseSubjectAsync(inner, subject, gateway.Clock.GetUtcNow(), token),
            GatewayApplication.Stop
        );
    }

    private static async Task<string> ReadNameAsync(
        GatewayApplication gateway,
        TenantId tenant,
        DataSubjectId subject,
        string column,
        SealedColumn place
    )
    {
        var bytes = await gateway.ReadAsync(
            $"select {column} from contact where subject = $1",
            row => row.GetFieldValue<byte[]>(0),
            subject.Value
        );
        await using var db = gateway.Services.GetRequiredService<WorkDb<GatewayDbContext>>().CreateContext();
        var key = await db.InTenantAsync(
            tenant,
            (inner, token) => gateway.Services.GetRequiredService<Vault>().OpenSubjectKeyAsync(inner, subject, token),
            GatewayApplication.Stop
        );
        return key.Unseal(place, SealedText.FromBytes(bytes.ShouldHaveSingleItem()));
    }
}
