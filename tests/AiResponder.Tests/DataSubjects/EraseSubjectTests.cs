using Npgsql;
using WpAsis.AiResponder.DataSubjects;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.DataSubjects;

public sealed class EraseSubjectTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_forgotten_in_the_middle_of_a_turn_leaves_no_row_and_no_reservation()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var (contact, neighbour) = (new Conversation(app), new Conversation(app));
        await contact.WriteAsync("hello");
        var usage = await contact.GrantAsync();
        await neighbour.WriteAsync("hello from somebody else");
        var request = Request(app, contact);

        await app.ConsumeAsync<EraseSubjectConsumer, ErasureRequested>(request);
        await app.ConsumeAsync<EraseSubjectConsumer, ErasureRequested>(request);

        (await contact.ReleasedAsync()).ShouldHaveSingleItem().UsageId.ShouldBe(usage);
        var answers = await app.PublishedAsync<SubjectErased>();
        answers.ShouldAllBe(answer => answer.Receipt == answers[0].Receipt);
        var receipt = app.Get<ReceiptSigner>().PublicKey.Verify(answers[0].Receipt).ShouldNotBeNull();
        receipt.Rows["turn_message"].ShouldBe(1);
        receipt.Rows["turn_clock"].ShouldBe(1);
        receipt.ContentGoneAt.ShouldNotBeNull();
        (await contact.TurnsAsync()).ShouldBeEmpty();
        (await neighbour.ClockAsync()).IsPending.ShouldBeTrue();
    }

    [Fact]
    public async Task What_comes_late_about_somebody_forgotten_brings_nothing_back()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var (contact, neighbour) = (new Conversation(app), new Conversation(app));
        await contact.WriteAsync("hello");
        await app.ConsumeAsync<EraseSubjectConsumer, ErasureRequested>(Request(app, contact));

        await app.Get<TakeInMessages>().TakeInAsync([contact.Message("a late one"), neighbour.Message("a live one")], Stop);
        await app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(contact.Change(ThreadMode.Human, version: 9));

        (await neighbour.ClockAsync()).IsPending.ShouldBeTrue();
        (await app.PublishedAsync<SubjectErased>()).ShouldHaveSingleItem();
        foreach (var table in (string[])["turn_clock", "turn_message"])
            (await CountAsync(app, table)).ShouldBe(1, table);
    }

    // The superuser sees through row-level security.
    private static async Task<long> CountAsync(ResponderApplication app, string table)
    {
        var everything = new NpgsqlConnectionStringBuilder(app.Servers.Superuser) { Database = app.Database.Name };
        await using var source = NpgsqlDataSource.Create(everything.ConnectionString);
#pragma warning disable CA2100 // The names are this file's own.
        await using var command = source.CreateCommand($"select count(*) from {table}");
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static ErasureRequested Request(ResponderApplication app, Conversation contact) =>
        new()
        {
            TenantId = contact.Tenant,
            RequestId = TypedId.New<SubjectRequestId>(app.Clock),
            SubjectId = contact.Subject,
            Kind = SubjectKind.Contact,
            At = app.Clock.GetUtcNow(),
        };
}
