using WpAsis.EndToEnd.Tests.Businesses;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Survival;

/// <summary>Two of each service share the work, and one dies now and then.</summary>
public sealed class ReplicaTests
{
    private const string Fact = "We are open on Saturday from 10:00 to 16:00.";

    private static readonly (string Service, string Step)[] Steps =
    [
        (Executioner.Gateway, "POST /webhooks/whatsapp"),
        (Executioner.Gateway, "messaging-gateway-send-reply process"),
        (Executioner.Gateway, "send reply"),
        (Executioner.Responder, "take in message"),
        (Executioner.Responder, "generate reply"),
        (Executioner.Billing, "billing-reserve-usage process"),
    ];

    [LongFact("survival")]
    public async Task Two_replicas_of_each_service_share_300_contacts_and_each_contact_gets_one_answer()
    {
        await using var system = await OwnSystem.StartAsync("replicas", replicas: 2);
        var chance = Chance.New();
        var report = new Report($"300 contacts, two replicas, seed {chance.Seed}", system);
        var business = await system.OpenBusinessAsync();
        await business.DescribeAsync(Fact);
        await system.Demo.DescribeAsync(Fact);
        var crowd = new Crowd(business, "90561", 300);
        using var executioner = new Executioner(system, business, chance);

        await Task.WhenAll([
            crowd.WriteAsync(crowd.Contacts.Count),
            .. from service in new[] { Executioner.Gateway, Executioner.Responder, Executioner.Billing }
            from replica in new[] { 1, 2 }
            select executioner.KillAtRandomAsync(service, 1, replica),
        ]);
        report.Add(executioner.Kills);
        try
        {
            var books = await Books.CloseAsync(system, business, crowd);
            report.Add(books);
            books.ShouldBe(Books.Balanced(crowd.Contacts.Count));
            foreach (var (service, step) in Steps)
                report.Add(service, step).Count.ShouldBe(2, step);
        }
        finally
        {
            await report.AddAsync(crowd);
            report.Print();
        }
    }
}
