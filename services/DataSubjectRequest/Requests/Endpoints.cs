using MassTransit;
using WpAsis.DataSubjectRequest.Receipts;
using WpAsis.ServiceDefaults.Operators;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.DataSubjectRequest.Requests;

/// <summary>What people ask for, and what becomes of it.</summary>
internal static class RequestsFeature
{
    /// <summary>A signed-in person, with a business or without.</summary>
    public const string Person = nameof(Person);

    public static void AddRequests(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(Person, policy => policy.RequireClaim(Claims.SubjectId).RequireClaim(Claims.SessionId));
        builder.Services.AddSingleton<RequestSecrets>();
        builder.Services.AddSingleton<MakeRequest>();
        builder.Services.AddSweeper<AdvanceRequest>();
        builder.Services.AddTimerRows("request_route", "next_at");
        builder.Services.AddSweeper<WatchDeadlines>();
        builder.Services.AddSingleton<RecordReceipt>();
    }

    public static void AddRequests(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ProveSubjectConsumer>();
        bus.AddConsumer<RecordErasureConsumer>();
        bus.AddConsumer<RecordRectificationConsumer>();
    }

    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapSubmitRequest();
        routes.MapGetRequest();
        routes.MapCancelRequest();
        routes.MapOperatorGroup().MapListAgeingRequests();
    }
}
