using System.Net;
using Stripe;
using Stripe.Checkout;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// The calls of Stripe that we make, and the only file that knows its library. Nothing is repeated here: whoever repeats a call that
/// changes something gives it the same key.
/// </summary>
internal sealed class StripeApi(IHttpClientFactory clients, StripeSettings settings, TimeProvider clock)
{
    /// <summary>Name of the HTTP client.</summary>
    public const string ClientName = "stripe";

    private const int PageSize = 100;
    private const int MostPages = 100;
    private const int MostWaits = 20;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    public static void AddClient(IServiceCollection services)
    {
        var client = services
            .AddHttpClient(ClientName)
            .ConfigureHttpClient((provider, http) => http.Timeout = provider.GetRequiredService<StripeSettings>().Timeout)
            .AddHttpMessageHandler<StripeEgress>()
            .RemoveAllLoggers();
#pragma warning disable EXTEXP0001 // A standard handler would repeat what our own callers repeat.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }

    public async Task<string> CreateCustomerAsync(TenantId tenant, string key, CancellationToken cancellationToken)
    {
        var options = new CustomerCreateOptions { Metadata = new(StringComparer.Ordinal) { ["tenant_id"] = tenant.ToString() } };
        var customer = await CallAsync(
            client => new CustomerService(client).CreateAsync(options, Key(key), cancellationToken),
            cancellationToken
        );
        return customer.Id;
    }

    public async Task<HostedSession> CreateSessionAsync(NewSession wanted, string key, CancellationToken cancellationToken)
    {
        var options = new SessionCreateOptions
        {
            Mode = "subscription",
            Customer = wanted.Customer,
            ClientReferenceId = wanted.Tenant.ToString(),
            LineItems = [new() { Price = wanted.Price, Quantity = 1 }],
            SuccessUrl = wanted.Success.AbsoluteUri,
            CancelUrl = wanted.Cancel.AbsoluteUri,
            SubscriptionData = new()
            {
                Metadata = new(StringComparer.Ordinal) { ["tenant_id"] = wanted.Tenant.ToString(), ["plan"] = wanted.Plan },
            },
        };
        var session = await CallAsync(
            client => new SessionService(client).CreateAsync(options, Key(key), cancellationToken),
            cancellationToken
        );
        return HostedSession.Of(session);
    }

    public async Task<HostedSession> GetSessionAsync(string id, CancellationToken cancellationToken) =>
        HostedSession.Of(
            await CallAsync(client => new SessionService(client).GetAsync(id, null, null, cancellationToken), cancellationToken)
        );

    /// <summary>Newest first, the ended ones too.</summary>
    public async Task<IReadOnlyList<StripeSubscription>> ListSubscriptionsAsync(string customer, CancellationToken cancellationToken)
    {
        var options = new SubscriptionListOptions
        {
            Customer = customer,
            Status = "all",
            Limit = PageSize,
        };
        var page = await CallAsync(
            client => new SubscriptionService(client).ListAsync(options, null, cancellationToken),
            cancellationToken
        );
        return [.. page.Data.Select(StripeSubscription.Of)];
    }

    public Task SetCancelAsync(string subscription, bool cancels, string key, CancellationToken cancellationToken) =>
        CallAsync(
            client =>
                new SubscriptionService(client).UpdateAsync(
                    subscription,
                    new() { CancelAtPeriodEnd = cancels },
                    Key(key),
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Ends it at once. Ended twice it is ended once.</summary>
    public async Task EndAsync(string subscription, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(
                client => new SubscriptionService(client).CancelAsync(subscription, null, null, cancellationToken),
                cancellationToken
            );
        }
        catch (StripeRefusedException)
        {
            // It had ended before.
        }
    }

    public async Task<(IReadOnlyList<StripeInvoice> Items, bool More)> ListInvoicesAsync(
        string customer,
        int limit,
        string? after,
        CancellationToken cancellationToken
    )
    {
        var options = new InvoiceListOptions
        {
            Customer = customer,
            Limit = limit,
            StartingAfter = after,
        };
        var page = await CallAsync(client => new InvoiceService(client).ListAsync(options, null, cancellationToken), cancellationToken);
        return ([.. page.Data.Select(StripeInvoice.Of)], page.HasMore);
    }

    /// <summary>The price that the operator gave this key in Stripe's dashboard.</summary>
    public async Task<StripePrice?> FindPriceAsync(string lookupKey, CancellationToken cancellationToken)
    {
        var options = new PriceListOptions { LookupKeys = [lookupKey], Active = true };
        var page = await CallAsync(client => new PriceService(client).ListAsync(options, null, cancellationToken), cancellationToken);
        return page.Data.Count == 0 ? null : StripePrice.Of(page.Data[0]);
    }

    /// <summary>What happened since a moment, of the kinds that concern us.</summary>
    public async Task<IReadOnlyList<StripeNews>> ListEventsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var options = new EventListOptions
        {
            Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime },
            Types = [.. StripeNews.Relevant],
            Limit = PageSize,
        };
        var found = new List<StripeNews>();
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await CallAsync(client => new EventService(client).ListAsync(options, null, cancellationToken), cancellationToken);
            found.AddRange(page.Data.Select(StripeNews.Of));
            if (!page.HasMore)
                break;
            options.StartingAfter = page.Data[^1].Id;
        }
        return found;
    }

    private static RequestOptions Key(string key) => new() { IdempotencyKey = key };

    private async Task<T> CallAsync<T>(Func<IStripeClient, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var waits = 0; ; waits++)
        {
            try
            {
                var http = new SystemNetHttpClient(clients.CreateClient(ClientName), maxNetworkRetries: 0, enableTelemetry: false);
                var options = new StripeClientOptions
                {
                    ApiKey = settings.ApiKey,
                    ApiBase = settings.Url.GetLeftPart(UriPartial.Authority),
                    HttpClient = http,
                };
                return await call(new StripeClient(options));
            }
            // The same call is under way on another replica: it ends soon, and then its answer is ours too.
            catch (StripeException busy) when (busy.StripeError?.Code == "idempotency_key_in_use" && waits < MostWaits)
            {
                await Task.Delay(Wait, clock, cancellationToken);
            }
            catch (StripeException error) when (IsAway(error))
            {
                throw new StripeAwayException(error.HttpStatusCode >= HttpStatusCode.InternalServerError, error);
            }
            catch (StripeException error)
            {
                throw new StripeRefusedException(error.StripeError.Type == "idempotency_error", error);
            }
            catch (Exception error)
                when (error is HttpRequestException or IOException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested
                )
            {
                throw new StripeAwayException(keepsError: false, error);
            }
        }
    }

    // An answer that was cut off comes with its status and without an error; a key that is refused is no fault of the caller.
    private static bool IsAway(StripeException error) =>
        error.StripeError is null
        || error.HttpStatusCode
            is >= HttpStatusCode.InternalServerError
                or HttpStatusCode.TooManyRequests
                or HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden;
}
