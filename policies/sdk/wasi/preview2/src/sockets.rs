//! The network: there is one to name, as programs must before they ask, and
//! no socket can be made and no name resolved on it.

use crate::bindings::exports::wasi::sockets::ip_name_lookup::{
    self, GuestResolveAddressStream, IpAddress, ResolveAddressStream,
};
use crate::bindings::exports::wasi::sockets::network::{
    self, ErrorCode, GuestNetwork, IpAddressFamily, IpSocketAddress, Network, NetworkBorrow,
};
use crate::bindings::exports::wasi::sockets::tcp::{
    self, Duration, GuestTcpSocket, InputStream, OutputStream, Pollable, ShutdownType, TcpSocket,
};
use crate::bindings::exports::wasi::sockets::udp::{
    self, GuestIncomingDatagramStream, GuestOutgoingDatagramStream, GuestUdpSocket,
    IncomingDatagram, IncomingDatagramStream, OutgoingDatagram, OutgoingDatagramStream, UdpSocket,
};
use crate::bindings::exports::wasi::sockets::{
    instance_network, tcp_create_socket, udp_create_socket,
};
use crate::{Inert, Nothing, nothing};

type Answer<T> = Result<T, ErrorCode>;

/// The network that can be named.
pub(crate) struct Closed;

impl GuestNetwork for Closed {}

impl network::Guest for Inert {
    type Network = Closed;
}

impl instance_network::Guest for Inert {
    fn instance_network() -> Network {
        Network::new(Closed)
    }
}

impl ip_name_lookup::Guest for Inert {
    type ResolveAddressStream = Nothing;

    fn resolve_addresses(_: NetworkBorrow<'_>, _: String) -> Answer<ResolveAddressStream> {
        Err(ErrorCode::AccessDenied)
    }
}

impl tcp::Guest for Inert {
    type TcpSocket = Nothing;
}

impl tcp_create_socket::Guest for Inert {
    fn create_tcp_socket(_: IpAddressFamily) -> Answer<TcpSocket> {
        Err(ErrorCode::AccessDenied)
    }
}

impl udp::Guest for Inert {
    type UdpSocket = Nothing;
    type IncomingDatagramStream = Nothing;
    type OutgoingDatagramStream = Nothing;
}

impl udp_create_socket::Guest for Inert {
    fn create_udp_socket(_: IpAddressFamily) -> Answer<UdpSocket> {
        Err(ErrorCode::AccessDenied)
    }
}

nothing!(GuestResolveAddressStream {
    fn resolve_next_address(&self) -> Answer<Option<IpAddress>>;
    fn subscribe(&self) -> Pollable;
});

nothing!(GuestTcpSocket {
    fn start_bind(&self, NetworkBorrow<'_>, IpSocketAddress) -> Answer<()>;
    fn finish_bind(&self) -> Answer<()>;
    fn start_connect(&self, NetworkBorrow<'_>, IpSocketAddress) -> Answer<()>;
    fn finish_connect(&self) -> Answer<(InputStream, OutputStream)>;
    fn start_listen(&self) -> Answer<()>;
    fn finish_listen(&self) -> Answer<()>;
    fn accept(&self) -> Answer<(TcpSocket, InputStream, OutputStream)>;
    fn local_address(&self) -> Answer<IpSocketAddress>;
    fn remote_address(&self) -> Answer<IpSocketAddress>;
    fn is_listening(&self) -> bool;
    fn address_family(&self) -> IpAddressFamily;
    fn set_listen_backlog_size(&self, u64) -> Answer<()>;
    fn keep_alive_enabled(&self) -> Answer<bool>;
    fn set_keep_alive_enabled(&self, bool) -> Answer<()>;
    fn keep_alive_idle_time(&self) -> Answer<Duration>;
    fn set_keep_alive_idle_time(&self, Duration) -> Answer<()>;
    fn keep_alive_interval(&self) -> Answer<Duration>;
    fn set_keep_alive_interval(&self, Duration) -> Answer<()>;
    fn keep_alive_count(&self) -> Answer<u32>;
    fn set_keep_alive_count(&self, u32) -> Answer<()>;
    fn hop_limit(&self) -> Answer<u8>;
    fn set_hop_limit(&self, u8) -> Answer<()>;
    fn receive_buffer_size(&self) -> Answer<u64>;
    fn set_receive_buffer_size(&self, u64) -> Answer<()>;
    fn send_buffer_size(&self) -> Answer<u64>;
    fn set_send_buffer_size(&self, u64) -> Answer<()>;
    fn subscribe(&self) -> Pollable;
    fn shutdown(&self, ShutdownType) -> Answer<()>;
});

nothing!(GuestUdpSocket {
    fn start_bind(&self, NetworkBorrow<'_>, IpSocketAddress) -> Answer<()>;
    fn finish_bind(&self) -> Answer<()>;
    fn stream(
        &self,
        Option<IpSocketAddress>
    ) -> Answer<(IncomingDatagramStream, OutgoingDatagramStream)>;
    fn local_address(&self) -> Answer<IpSocketAddress>;
    fn remote_address(&self) -> Answer<IpSocketAddress>;
    fn address_family(&self) -> IpAddressFamily;
    fn unicast_hop_limit(&self) -> Answer<u8>;
    fn set_unicast_hop_limit(&self, u8) -> Answer<()>;
    fn receive_buffer_size(&self) -> Answer<u64>;
    fn set_receive_buffer_size(&self, u64) -> Answer<()>;
    fn send_buffer_size(&self) -> Answer<u64>;
    fn set_send_buffer_size(&self, u64) -> Answer<()>;
    fn subscribe(&self) -> Pollable;
});

nothing!(GuestIncomingDatagramStream {
    fn receive(&self, u64) -> Answer<Vec<IncomingDatagram>>;
    fn subscribe(&self) -> Pollable;
});

nothing!(GuestOutgoingDatagramStream {
    fn check_send(&self) -> Answer<u64>;
    fn send(&self, Vec<OutgoingDatagram>) -> Answer<u64>;
    fn subscribe(&self) -> Pollable;
});
