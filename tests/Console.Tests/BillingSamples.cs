namespace WpAsis.Console.Tests;

/// <summary>What billing says of a business on a paid plan.</summary>
internal static class BillingSamples
{
    public static object Subscription() =>
        new
        {
            plan = "pro",
            state = "Active",
            periodStart = Samples.Now.AddDays(-11),
            periodEnd = Samples.Now.AddDays(19),
            included = 2000,
            used = 1684,
            reserved = 2,
            isPaid = true,
            cancelAtPeriodEnd = false,
        };

    public static object Plans() =>
        new
        {
            items = new object[]
            {
                new
                {
                    id = "trial",
                    included = 100,
                    period = "once",
                    days = 14,
                },
                new
                {
                    id = "pro",
                    included = 2000,
                    period = "month",
                    price = new
                    {
                        amount = 149_000,
                        currency = "try",
                        interval = "month",
                    },
                },
            },
        };

    public static object Usage() =>
        new
        {
            included = 2000,
            used = 1684,
            reserved = 2,
            left = 314,
            whatsApp = new[]
            {
                new
                {
                    category = "service",
                    messages = 1702,
                    billable = 0,
                },
                new
                {
                    category = "utility",
                    messages = 40,
                    billable = 12,
                },
            },
        };

    public static object Invoices() =>
        new
        {
            items = new[]
            {
                new
                {
                    id = "in_2",
                    number = "WPA-0002",
                    createdAt = Samples.Now.AddDays(-11),
                    amountDue = 149_000,
                    amountPaid = 0,
                    currency = "try",
                    status = "open",
                    hostedUrl = "https://pay.example/2",
                },
                new
                {
                    id = "in_1",
                    number = "WPA-0001",
                    createdAt = Samples.Now.AddDays(-41),
                    amountDue = 149_000,
                    amountPaid = 149_000,
                    currency = "try",
                    status = "paid",
                    hostedUrl = "https://pay.example/1",
                },
            },
            next = "in_1",
        };
}
