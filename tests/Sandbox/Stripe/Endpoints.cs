using Stripe;
using Stripe.Checkout;

namespace WpAsis.Sandbox.Stripe;

/// <summary>A stateful Stripe at the root of its own port.</summary>
internal static class Endpoints
{
    public static void AddStripe(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(builder.Configuration.GetSection("Sandbox:Stripe").Get<StripeSettings>() ?? new StripeSettings());
        services.AddSingleton<StripeTime>();
        services.AddSingleton<PostEvent>();
        services.AddSingleton<DeliverEvents>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliverEvents>());
        services.AddSingleton<StripeAccount>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<Catalog>();
        services.AddSingleton<Customers>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<Invoices>();
        services.AddSingleton<CheckoutSessions>();
        services.AddSingleton<Events>();
        services.AddSingleton<HostedPages>();
        services.AddSingleton<HandleCall>();
        services.AddSingleton<BillCycles>();
        services.AddHostedService(provider => provider.GetRequiredService<BillCycles>());
        PostEvent.AddClient(services);
    }

    public static void MapStripe(this WebApplication app)
    {
        app.MapStripeControl();
        var settings = app.Services.GetRequiredService<StripeSettings>();
        if (settings.Port == 0)
            return;
        var host = app.MapGroup("").RequireHost($"*:{settings.Port}");
        host.MapPages();
        var v1 = host.MapGroup("/v1");
        v1.MapCatalog();
        v1.MapCustomers();
        v1.MapPayments();
        v1.Map("/{**path}", NotPlayed);
    }

    /// <summary>Forgets everything but the product and its price; part of the sandbox's reset.</summary>
    public static void ClearStripe(this IServiceProvider services)
    {
        services.GetRequiredService<DeliverEvents>().Clear();
        services.GetRequiredService<StripeAccount>().Clear();
        services.GetRequiredService<IdempotencyKeys>().Clear();
        services.GetRequiredService<HandleCall>().Calls.Clear();
    }

    private static void MapPages(this RouteGroupBuilder host)
    {
        host.MapGet("/c/pay/{id}", (HttpContext context, string id, HostedPages pages) => pages.ShowCheckout(context, id));
        host.MapPost(
            "/c/pay/{id}",
            (HttpContext context, string id, HostedPages pages, CancellationToken cancellationToken) =>
                pages.PayCheckoutAsync(context, id, cancellationToken)
        );
        host.MapGet("/i/{id}", (HttpContext context, string id, HostedPages pages) => pages.ShowInvoice(context, id));
        host.MapPost("/i/{id}", (string id, HostedPages pages) => pages.PayInvoice(id));
    }

    private static void MapCatalog(this RouteGroupBuilder v1)
    {
        v1.Play<Catalog, ProductCreateOptions>("POST", "/products", Catalog.ProductPlayed, catalog => catalog.CreateProduct);
        v1.Play<Catalog, ProductGetOptions>("GET", "/products/{id}", [], catalog => catalog.GetProduct);
        v1.Play<Catalog, PriceCreateOptions>("POST", "/prices", Catalog.PricePlayed, catalog => catalog.CreatePrice);
        v1.Play<Catalog, PriceListOptions>("GET", "/prices", Catalog.PriceListPlayed, catalog => catalog.ListPrices);
        v1.Play<Catalog, PriceGetOptions>("GET", "/prices/{id}", [], catalog => catalog.GetPrice);
        v1.Play<Events, EventListOptions>("GET", "/events", Events.ListPlayed, events => events.List);
        v1.Play<Events, EventGetOptions>("GET", "/events/{id}", [], events => events.Get);
    }

    private static void MapCustomers(this RouteGroupBuilder v1)
    {
        v1.Play<Customers, CustomerCreateOptions>("POST", "/customers", Customers.Played, customers => customers.Create);
        v1.Play<Customers, CustomerListOptions>("GET", "/customers", Customers.ListPlayed, customers => customers.List);
        v1.Play<Customers, CustomerGetOptions>("GET", "/customers/{id}", [], customers => customers.Get);
        v1.Play<Customers, CustomerUpdateOptions>("POST", "/customers/{id}", Customers.Played, customers => customers.Update);
        v1.Play<Customers, CustomerDeleteOptions>("DELETE", "/customers/{id}", [], customers => customers.Delete);
    }

    private static void MapPayments(this RouteGroupBuilder v1)
    {
        const string Sessions = "/checkout/sessions";
        v1.Play<CheckoutSessions, SessionCreateOptions>("POST", Sessions, CheckoutSessions.CreatePlayed, sessions => sessions.Create);
        v1.Play<CheckoutSessions, SessionListOptions>("GET", Sessions, CheckoutSessions.ListPlayed, sessions => sessions.List);
        v1.Play<CheckoutSessions, SessionGetOptions>("GET", Sessions + "/{id}", [], sessions => sessions.Get);
        v1.Play<CheckoutSessions, SessionExpireOptions>("POST", Sessions + "/{id}/expire", [], sessions => sessions.Expire);
        v1.Play<Subscriptions, SubscriptionListOptions>("GET", "/subscriptions", Subscriptions.ListPlayed, item => item.List);
        v1.Play<Subscriptions, SubscriptionGetOptions>("GET", "/subscriptions/{id}", [], item => item.Get);
        v1.Play<Subscriptions, SubscriptionUpdateOptions>("POST", "/subscriptions/{id}", Subscriptions.UpdatePlayed, item => item.Update);
        v1.Play<Subscriptions, SubscriptionCancelOptions>("DELETE", "/subscriptions/{id}", Subscriptions.CancelPlayed, item => item.Cancel);
        v1.Play<Invoices, InvoiceListOptions>("GET", "/invoices", Invoices.ListPlayed, invoices => invoices.List);
        v1.Play<Invoices, InvoiceGetOptions>("GET", "/invoices/{id}", [], invoices => invoices.Get);
    }

    private static void Play<TResource, TOptions>(
        this RouteGroupBuilder v1,
        string method,
        string path,
        IReadOnlyCollection<string> played,
        Func<TResource, StripeHandler> handler
    )
        where TResource : class =>
        v1.MapMethods(
            path,
            [method],
            (HttpContext context, HandleCall handle, TResource resource) =>
                handle.RunAsync(context, typeof(TOptions), played, handler(resource))
        );

    private static IResult NotPlayed(HttpContext context)
    {
        var message = $"Unrecognized request URL ({context.Request.Method}: {context.Request.Path}).";
        var refusal = new StripeRefusal(
            404,
            "invalid_request_error",
            message + " The sandbox plays customers, prices, Checkout and invoices."
        );
        return Results.Json(refusal.Body("req_none"), statusCode: refusal.Status);
    }
}
