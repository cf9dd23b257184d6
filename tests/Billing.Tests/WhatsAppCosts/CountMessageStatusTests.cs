using System.Net.Http.Json;
using WpAsis.Billing.Usage;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests.WhatsAppCosts;

public sealed class CountMessageStatusTests(BillingApplication app)
{
    private static readonly MessagePricing Service = new() { Billable = true, Category = "service" };

    [Fact]
    public async Task A_message_is_counted_once_however_many_statuses_it_has()
    {
        var customer = await Customer.RegisterAsync(app);
        var message = TypedId.New<MessageId>(app.Clock);

        await SayAsync(customer, message, MessageStatus.Sent, Service);
        await SayAsync(customer, message, MessageStatus.Read, Service);
        await SayAsync(customer, message, MessageStatus.Delivered, Service);
        await SayAsync(customer, message, MessageStatus.Delivered, Service);
        await SayAsync(customer, TypedId.New<MessageId>(app.Clock), MessageStatus.Failed, Service);
        await SayAsync(customer, TypedId.New<MessageId>(app.Clock), MessageStatus.Delivered, pricing: null);
        await SayAsync(
            customer,
            TypedId.New<MessageId>(app.Clock),
            MessageStatus.Delivered,
            new() { Billable = false, Category = "utility" }
        );
        await UntilCountedAsync(customer, messages: 2);

        (await MessagesAsync(customer)).ShouldBe([new("service", 1, 1), new("utility", 1, 0)]);
    }

    [Fact]
    public async Task A_category_that_is_none_is_counted_as_other()
    {
        var customer = await Customer.RegisterAsync(app);

        await SayAsync(
            customer,
            TypedId.New<MessageId>(app.Clock),
            MessageStatus.Delivered,
            new() { Billable = true, Category = "+90 532" }
        );
        await UntilCountedAsync(customer, messages: 1);

        (await MessagesAsync(customer)).ShouldBe([new("other", 1, 1)]);
    }

    [Fact]
    public async Task The_meter_does_not_know_to_whom_a_message_went()
    {
        var columns = await app.ScalarAsync<string>(
            """
            select string_agg(column_name, ',' order by ordinal_position)
            from information_schema.columns where table_name = 'whatsapp_cost'
            """
        );

        columns.ShouldBe("tenant_id,day,category,messages,billable");
    }

    private Task SayAsync(Customer customer, MessageId message, MessageStatus status, MessagePricing? pricing) =>
        app.Bus.PublishAsync(
            new MessageStatusChanged
            {
                TenantId = customer.Id,
                MessageId = message,
                ThreadId = customer.Thread,
                SubjectId = DataSubjectId.New(),
                Status = status,
                At = app.Clock.GetUtcNow(),
                Pricing = pricing,
            }
        );

    private Task UntilCountedAsync(Customer customer, long messages) =>
        Eventually.TrueAsync(
            async () =>
                await app.ScalarAsync<long>(
                    "select coalesce(sum(messages), 0)::bigint from whatsapp_cost where tenant_id = $1",
                    customer.Id.Value
                ) == messages,
            $"{messages} messages are counted"
        );

    private async Task<IReadOnlyList<WhatsAppMessagesView>> MessagesAsync(Customer customer)
    {
        using var client = app.CreateClient(app.Member(customer.Id));
        return (await client.GetFromJsonAsync<UsageView>("/usage", Json.Options, TestContext.Current.CancellationToken))!.WhatsApp;
    }
}
